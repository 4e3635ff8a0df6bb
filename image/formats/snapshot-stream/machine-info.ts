/**
 * What the info page says of the machine, out of what the source of the pages knows. What it does not know is made zero, and told:
 * such an image can be read as any other, but no kernel resumes from it.
 */
import type { Hex64 } from '../../bytes.ts';
import { ImageError } from '../../image-error.ts';
import type { MemoryImage } from '../../memory-image.ts';
import { physical } from '../../pfn.ts';
import type { NewInfo } from './info-page.ts';

export const snapshotSettings = [
  {
    name: 'memory-map-crc',
    help: 'CRC-32 of the firmware memory map of the machine that is to resume, 8 hex digits',
  },
] as const;

export type MachineInfo = {
  readonly info: Pick<NewInfo, 'reentry' | 'memoryMapCrc' | 'frameCount'>;
  readonly notes: readonly string[];
};

const noReentry = { virtual: '0'.repeat(16), physical: physical(0), cr3: physical(0) };

export function infoOfMachine(
  { machine }: Pick<MemoryImage, 'machine'>,
  knownFrames: number,
  settings: Readonly<Record<string, string>>,
): MachineInfo {
  const given = settings['memory-map-crc'];
  const memoryMapCrc = given === undefined ? machine.memoryMapCrc : hexSetting('memory-map-crc', given);
  const notes: string[] = [];
  if (machine.reentry === undefined)
    notes.push('the source knows no re-entry address: no kernel can resume from this image');
  if (memoryMapCrc === undefined)
    notes.push('the source knows no CRC of the memory map: a kernel refuses the image unless it is given');
  if (machine.frameCount === undefined)
    notes.push(`the source does not say how much RAM there was: ${knownFrames} frames are taken for it`);
  return {
    info: {
      reentry: machine.reentry ?? noReentry,
      memoryMapCrc: memoryMapCrc ?? '0'.repeat(16),
      frameCount: machine.frameCount ?? knownFrames,
    },
    notes,
  };
}

/** A setting of up to 32 bits in hex, with or without `0x`. */
export function hexSetting(name: string, text: string): Hex64 {
  const [, digits] = /^(?:0x)?([0-9a-f]{1,8})$/i.exec(text) ?? [];
  if (digits !== undefined) return digits.toLowerCase().padStart(16, '0');
  throw badSetting(name, 'up to 8 hex digits', text);
}

export const badSetting = (name: string, expected: string, found: string): ImageError =>
  new ImageError('write.bad-setting', { offset: 0, expected: `${name} as ${expected}`, found: `"${found}"` });
