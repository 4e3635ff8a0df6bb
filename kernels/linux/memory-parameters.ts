/**
 * What `mem=` and `memmap=` on a kernel's command line leave of the firmware's map: how B is kept to its range
 * when its boot parameters describe all RAM (linux.md A1.8 row 1).
 * Source: Linux 6.12 arch/x86/kernel/e820.c (parse_memopt, parse_memmap_one, e820__finish_early_params); logs
 * a1 (mem=), a9 (memmap=).
 * Left out: `mem=nopentium`, `memmap=…!…` (persistent memory) and the `memmap=…%…` form.
 */
import { physical } from '../../image/pfn.ts';
import {
  type FirmwareMap,
  firmwareMapLines,
  type MemoryKind,
  withoutUsable,
  withRange,
} from '../firmware-map.ts';
import { memparse } from './memparse.ts';

export type ParameterResult = { readonly map: FirmwareMap; readonly lines: readonly string[] };

const signs: Readonly<Record<string, MemoryKind>> = { '@': 'usable', '#': 'ACPI data', $: 'reserved' };

export function mapAfterParameters(map: FirmwareMap, commandLine: string): ParameterResult {
  let current = map;
  const lines: string[] = [];
  let isUserDefined = false;
  for (const word of commandLine.split(' ')) {
    for (const option of optionsOf(word)) {
      const result = afterOption(current, option);
      if (result === undefined) continue;
      isUserDefined = true;
      current = result.map;
      lines.push(...result.lines);
    }
  }
  if (isUserDefined) lines.push('user-defined physical RAM map:', ...firmwareMapLines(current, 'user'));
  return { map: current, lines };
}

/** `mem=81M` and `memmap=81M` mean the same: nothing above. `memmap=` may hold several, parted by commas. */
function optionsOf(word: string): readonly string[] {
  if (word.startsWith('mem=')) return [word.slice('mem='.length)];
  return word.startsWith('memmap=') ? word.slice('memmap='.length).split(',') : [];
}

function afterOption(map: FirmwareMap, option: string): ParameterResult | undefined {
  if (option === 'exactmap') return { map: [], lines: [] };
  const size = memparse(option);
  const kind = signs[option[size.end] ?? ''];
  if (kind !== undefined) {
    const start = memparse(option, size.end + 1).value;
    return {
      map: withRange(map, { start: physical(start), endExclusive: physical(start + size.value), kind }),
      lines: [],
    };
  }
  if (size.value === 0) return undefined;
  // The kernel's size argument is one too small, so the line shows a last address of 2^64 - 2 [log a1].
  const line = `e820: remove [mem 0x${size.value.toString(16).padStart(8, '0')}-0xfffffffffffffffe] usable`;
  const hole = { start: physical(size.value), endExclusive: physical(2 ** 64) };
  return { map: withoutUsable(map, hole), lines: [line] };
}
