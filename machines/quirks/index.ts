/**
 * Quirks: places where the real kernel or the real tools are wrong, each by name with its source. Off by default; `--kernel 6.12`
 * switches on the kernel's, `--tools shipped` those of the tools, `--quirk` single ones.
 */
import type { Box } from '../../kernels/box.ts';
import type { Command } from '../../kernels/commands.ts';
import { type DefectName, defectNames, defectTable } from '../../kernels/kexec/defects.ts';
import { leavesDevicesFrozen } from './leaves-devices-frozen.ts';
import { loadsDumpByKexec } from './loads-dump-by-kexec.ts';
import type { Quirk } from './quirk.ts';

const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The tools' defects stand in one table (linux.md A1.8), a line each. */
const toolQuirks: readonly (Quirk & { readonly defect: DefectName })[] = defectNames.map((defect) => {
  const { line, source, effect, row } = defectTable[defect];
  return {
    name: kebab(defect),
    of: 'tools',
    about: line,
    effect,
    source: `${source}; linux.md A1.8 row ${row}`,
    defect,
  };
});

export const quirks: readonly Quirk[] = [leavesDevicesFrozen, loadsDumpByKexec, ...toolQuirks];

export const quirkNamed = (name: string): Quirk | undefined => quirks.find((quirk) => quirk.name === name);

/** Right where a command is carried out: whatever quirk takes its place, one around the other. */
export function executeWith(
  active: readonly Quirk[],
  execute: (box: Box, command: Command) => void,
): typeof execute {
  return active.reduce<typeof execute>(
    (inner, { replaces }) =>
      replaces ? (box, command) => replaces(box, command, () => inner(box, command)) : inner,
    execute,
  );
}

export const defectsAmong = (names: readonly string[]): readonly DefectName[] =>
  toolQuirks.filter(({ name }) => names.includes(name)).map(({ defect }) => defect);
