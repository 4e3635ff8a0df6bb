import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter } from '../../image/bytes.ts';
import { crc32 } from '../../image/codecs/crc32.ts';
import { decodeNotes } from '../../image/formats/elf/notes.ts';
import { prstatusNote } from '../../image/formats/elf/prstatus.ts';
import { readVmcore } from '../../image/formats/elf/vmcore.ts';
import { decodeVmcoreinfo, encodeVmcoreinfo } from '../../image/formats/elf/vmcoreinfo.ts';
import { formatOf } from '../../image/formats/index.ts';
import { checksumOf } from '../../image/formats/saved-partition/checksum.ts';
import { decodeCommit, encodeCommit } from '../../image/formats/saved-partition/commit.ts';
import { openSaved, verifySaved } from '../../image/formats/saved-partition/open-saved.ts';
import { saveSteps } from '../../image/formats/saved-partition/save-steps.ts';
import { ImageError, type ImageErrorCode } from '../../image/image-error.ts';
import { type MemoryFile, memoryFile } from '../../image/memory-file.ts';
import { physical } from '../../image/pfn.ts';
import { readBounded, sourceOf } from '../../image/sink.ts';
import { codecProvocations } from '../codecs/codec-provocations.ts';
import { dumpProvocations } from './dump-provocations.ts';
import { pageFilledWith, sampleDump } from './sample-dump.ts';
import { swsuspProvocations } from './swsusp-provocations.ts';

const changedHeader = (change: (writer: ByteWriter) => void): MemoryFile => {
  const file = sampleDump();
  const header = Uint8Array.from(readBounded(file, 0, 0x1000));
  change(new ByteWriter(header));
  file.writeAt(0, header);
  return file;
};

const commit = {
  kind: 'crash',
  state: 'committed',
  generation: 1,
  lengthBytes: 0x1000,
  blockCount: 1,
  runCount: 1,
  checksum: 0,
  jumpBackEntry: physical(0),
  machineUuid: '00112233445566778899aabbccddeeff',
  rootChecksum: 0x1234,
} as const;

const saved = (): MemoryFile => {
  const partition = memoryFile();
  const runs = [{ offset: 0, bytes: pageFilledWith(1) }];
  const request = {
    kind: 'crash',
    generation: 1,
    lengthBytes: 0x1000,
    jumpBackEntry: physical(0),
    machineUuid: '00112233445566778899aabbccddeeff',
    rootChecksum: 0x1234,
    runs,
  } as const;
  for (const step of saveSteps(request))
    if (step.type === 'write') partition.writeAt(step.offset, step.bytes);
  return partition;
};

const damaged = (offset: number): MemoryFile => {
  const partition = saved();
  partition.writeAt(offset, Uint8Array.of(0x77));
  return partition;
};

const nextVersion = (): Uint8Array => {
  const sector = encodeCommit(commit);
  new ByteWriter(sector).u32(8, 2);
  new ByteWriter(sector).u32(508, crc32(sector.subarray(0, 508)));
  return sector;
};

/** One way to provoke each code; the type makes the list complete. */
const provocations: Readonly<Record<ImageErrorCode, () => unknown>> = {
  'bytes.out-of-range': () => new ByteReader(new Uint8Array(3)).u32(0),
  'bytes.too-large': () => new ByteReader(new Uint8Array(8).fill(0xff)).u64(0),
  'bytes.bad-value': () => new ByteWriter(new Uint8Array(1)).u8(0, 256),
  'source.read-too-large': () => readBounded(sourceOf(new Uint8Array()), 0, 2 ** 40),
  'elf.no-magic': () => readVmcore(sourceOf(new Uint8Array(64))),
  'elf.wrong-field': () => readVmcore(changedHeader((writer) => writer.u16(18, 40))),
  'elf.too-many-headers': () => readVmcore(changedHeader((writer) => writer.u16(56, 0xffff))),
  'elf.notes-too-large': () => readVmcore(changedHeader((writer) => writer.u64(64 + 32, 2 ** 30))),
  'note.damaged': () => decodeNotes(Uint8Array.of(5, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0)),
  'prstatus.wrong-size': () => prstatusNote({ pid: 0, registers: new Uint8Array(1) }),
  'vmcoreinfo.bad-line': () => decodeVmcoreinfo('no equals sign'),
  'vmcoreinfo.too-long': () => encodeVmcoreinfo([['A', 'x'.repeat(5000)]]),
  'memory.not-in-image': () => readVmcore(sampleDump()).readPhysical(physical(0), 1),
  'run.misplaced': () => checksumOf([{ firstBlock: 0, bytes: new Uint8Array(1) }]),
  'saved.no-commit': () => decodeCommit(new Uint8Array(512)),
  'saved.damaged-commit': () => openSaved(damaged(100)),
  'saved.unsupported-version': () => decodeCommit(nextVersion()),
  'saved.consumed': () => decodeCommit(encodeCommit({ ...commit, state: 'consumed' })),
  'saved.damaged-map': () => openSaved(damaged(0x2000)),
  'saved.too-many-runs': () => openSaved(sourceOf(encodeCommit({ ...commit, runCount: 2 ** 30 }))),
  'saved.damaged-data': () => verifySaved(damaged(0x1000)),
  ...codecProvocations,
  ...swsuspProvocations,
  ...dumpProvocations,
  'format.unknown': () => formatOf(sourceOf(Uint8Array.of(1, 2, 3))),
};

describe('an ImageError', () => {
  it.each(Object.entries(provocations))(
    '%s is provoked, and says where, what was expected, found, and to do',
    async (code, provoke) => {
      try {
        await provoke();
      } catch (error) {
        expect(error).toBeInstanceOf(ImageError);
        if (!(error instanceof ImageError)) return;
        expect(error.code).toBe(code);
        expect(error.message).toMatch(
          /^.+: at (offset 0x|physical address 0x|line |block )[0-9a-f]+ expected .+, found .+; .+$/,
        );
        expect(error.message).toContain(error.facts.expected);
        expect(error.message).toContain(error.facts.found);
        return;
      }
      expect.fail(`${code} was not provoked`);
    },
  );
});
