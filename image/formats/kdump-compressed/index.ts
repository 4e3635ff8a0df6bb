/**
 * kdump-compressed: what makedumpfile writes, page by page, filtered and packed (linux.md C.4).
 *
 *   block 0            main header                                         headers.ts
 *   block 1 ...        sub header, notes of the CPUs and VMCOREINFO behind it
 *   then               bitmap of the frames that the machine had, bitmap of those that the dump keeps      frame-bitmap.ts
 *   then               a descriptor for each kept frame                     descriptors.ts
 *   then               data of the pages
 *
 * This index is the registered format.
 */
import { readPhysicalFrom } from '../../physical-reader.ts';
import type { Source } from '../../sink.ts';
import { totalOf } from '../../verify-image.ts';
import { vmcoreinfoTextValue } from '../elf/vmcoreinfo.ts';
import type { ImageContents, ImageFormat, ReadOptions } from '../image-format.ts';
import { codecOfFlags, kdumpCodecs } from './descriptors.ts';
import { isKdump, statusBits } from './headers.ts';
import type { KdumpFile } from './kdump-file.ts';
import { kdumpMemory } from './kdump-memory.ts';
import { kdumpProblems } from './kdump-problems.ts';
import { kdumpProtection } from './kdump-protection.ts';
import { openParts } from './open-parts.ts';
import { verifyKdump } from './verify-kdump.ts';
import { writeKdump } from './write-kdump.ts';

export const kdumpCompressed: ImageFormat = {
  name: 'kdump-compressed',
  describe: 'dump as makedumpfile writes it, filtered and packed page by page; crash reads it',
  sniff: isKdump,
  read,
  write: writeKdump,
  codecs: ['zlib', ...kdumpCodecs.filter((name) => name !== 'zlib')],
  protection: kdumpProtection,
  verify: verifyKdump,
};

function read(source: Source, { parts = [] }: ReadOptions = {}): ImageContents {
  const files = openParts(source, parts);
  const [first] = files;
  const { headers, vmcoreinfo } = first;
  const memory = kdumpMemory(files);
  return {
    pageCount: totalOf(memory.runs()),
    facts: [
      ['kernel', vmcoreinfoTextValue(vmcoreinfo, 'OSRELEASE') ?? headers.uts.release],
      ['cpus', String(memory.cpus.length)],
      ['header version', String(headers.version)],
      ['codec', codecOfFlags(headers.status & ~allStatusBits) ?? `unknown (status ${headers.status})`],
      ['level', String(headers.dumpLevel)],
      ['frames', String(headers.frameCount)],
      ['complete', (headers.status & statusBits.incomplete) === 0 ? 'yes' : 'no'],
      ...(headers.part === undefined ? [] : [['part', partText(files)] as const]),
    ],
    problems: files.flatMap(kdumpProblems),
    readPhysical: readPhysicalFrom(memory),
    memory,
  };
}

const allStatusBits = statusBits.incomplete | statusBits.vmemmapExcluded;

const partText = (files: readonly KdumpFile[]): string =>
  files.map(({ headers: { part } }) => `frames ${part?.startPfn} to ${(part?.endPfn ?? 0) - 1}`).join(', ');
