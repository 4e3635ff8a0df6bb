/**
 * Quirks: places where the real kernel or the real tools are wrong, each by name with its source. Off by default; `--kernel 6.12`
 * switches on the kernel's, `--tools shipped` those of the tools, `--quirk` single ones.
 */
import { type DefectName, defectNames, defectTable } from '../../kernels/kexec/defects.ts';
import { leavesDevicesFrozen } from './leaves-devices-frozen.ts';
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

export const quirks: readonly Quirk[] = [leavesDevicesFrozen, ...toolQuirks];

export const quirkNamed = (name: string): Quirk | undefined => quirks.find((quirk) => quirk.name === name);

export const defectsAmong = (names: readonly string[]): readonly DefectName[] =>
  toolQuirks.filter(({ name }) => names.includes(name)).map(({ defect }) => defect);
