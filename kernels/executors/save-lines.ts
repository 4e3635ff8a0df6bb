/**
 * What vmcore_init and its helpers print before "Kdump: vmcore not initialized" (linux.md A1.8, the table
 * after row 5; logs a1, a8, a9). Warnings about notes come also when all is well: after a jump no processor
 * has one.
 *
 * The two warnings with a trace are printed with their first and last lines and their place in 6.12.117;
 * registers and the frames of the call trace are left out, the box has none.
 */
import type { VmcoreWarning } from '../../image/formats/elf/vmcore-layout.ts';
import { type PhysicalAddress, pageSizeBytes } from '../../image/pfn.ts';
import type { Box, LineValues } from '../box.ts';
import type { MessageName } from '../linux/messages/index.ts';
import type { Vmcore } from './save-vmcore.ts';

type Line = { readonly line: MessageName; readonly values?: LineValues };

export function printVmcoreLines(box: Box, vmcore: Vmcore): void {
  const lines = [
    ...vmcore.warnings.map(warningLine),
    ...(vmcore.type === 'absent' ? reasonLines(vmcore) : []),
  ];
  for (const { line, values } of lines) box.print('dump', line, values);
}

function warningLine(warning: VmcoreWarning): Line {
  switch (warning.type) {
    case 'notesZero':
      return { line: 'vmcore.zeroNotes' };
    case 'noteDropped':
      return {
        line: 'vmcore.noteTooLong',
        values: { nameBytes: warning.nameSizeBytes, descriptorBytes: warning.descriptorSizeBytes },
      };
  }
}

function reasonLines({ reason, at }: Extract<Vmcore, { type: 'absent' }>): readonly Line[] {
  switch (reason) {
    case 'headerNotFound':
      return [{ line: 'vmcore.headerNotFound' }];
    case 'headerNotSane':
      return [{ line: 'vmcore.headerNotSane' }];
    case 'headerInOwnRam':
      return traced([{ line: 'vmcore.ioremapOnRam', values: pageAt(at) }], {
        file: 'arch/x86/mm/ioremap.c',
        line: 217,
        symbol: '__ioremap_caller.constprop.0+0xa5/0x260',
      });
    // The merged note has no bytes, and the allocation of 0 bytes warns.
    case 'notesEmpty':
      return traced([], {
        file: 'mm/vmalloc.c',
        line: 3838,
        symbol: '__vmalloc_node_range_noprof+0x3f/0x4b8',
      });
    case 'outOfMemory':
    case 'unreadable':
    case 'notTold':
    case 'memoryUnreadable':
      return [];
  }
}

type Place = { readonly file: string; readonly line: number; readonly symbol: string };

const traced = (text: readonly Line[], place: Place): readonly Line[] => [
  { line: 'warning.begin' },
  ...text,
  { line: 'warning.where', values: { cpu: 0, pid: 1, ...place } },
  { line: 'warning.end' },
];

const pageAt = (address: PhysicalAddress): LineValues => {
  const start = Math.floor(address / pageSizeBytes) * pageSizeBytes;
  return { start, end: start + pageSizeBytes - 1 };
};
