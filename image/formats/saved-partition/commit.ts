/**
 * The commit sector: the first 512 bytes of the partition. It is the smallest thing that a disk writes whole or not at all, so
 * its arrival is the moment at which a saved image begins to exist; its own CRC notices a disk that tears even that.
 *
 *     0  8  magic "KJUMPSAV"
 *     8  4  format version, 1
 *    12  4  kind: 1 jump (A goes on at its jump-back entry), 2 crash (A is dead, the image is for looking at)
 *    16  4  state: 1 committed, 2 consumed (loaded once; must not be loaded again)
 *    20  4  checksum of the saved blocks (checksum.ts)
 *    24  8  generation: counts saves; a later save has a higher one
 *    32  8  length of the data in bytes (the ELF file)
 *    40  8  number of saved blocks, the sum over the map
 *    48  8  number of runs in the map
 *    56  8  physical address of A's jump-back entry; 0 for a crash
 *    64 16  UUID of the machine (SMBIOS, system information), its bytes in the order of its digits
 *    80  4  CRC-32 of the superblock of A's root file system, its own checksum apart, as B found it: a mount in between changes it
 *    84     zero
 *   508  4  CRC-32 of bytes 0 to 507; at this place in every version to come
 */
import { ByteReader, ByteWriter } from '../../bytes.ts';
import { crc32 } from '../../codecs/crc32.ts';
import { hex, ImageError } from '../../image-error.ts';
import { type PhysicalAddress, physical } from '../../pfn.ts';

export type Commit = {
  readonly kind: 'jump' | 'crash';
  readonly state: 'committed' | 'consumed';
  readonly generation: number;
  readonly lengthBytes: number;
  readonly blockCount: number;
  readonly runCount: number;
  readonly checksum: number;
  readonly jumpBackEntry: PhysicalAddress;
  /** 32 hex digits. */
  readonly machineUuid: string;
  readonly rootChecksum: number;
};

export const commitSizeBytes = 512;
export const commitMagic = 'KJUMPSAV';

const version = 1;
const crcOffset = 508;
const kinds = { jump: 1, crash: 2 } as const satisfies Record<Commit['kind'], number>;
const states = { committed: 1, consumed: 2 } as const satisfies Record<Commit['state'], number>;

export function encodeCommit(commit: Commit): Uint8Array {
  const sector = new Uint8Array(commitSizeBytes);
  const writer = new ByteWriter(sector);
  writer.text(0, commitMagic);
  writer.u32(8, version);
  writer.u32(12, kinds[commit.kind]);
  writer.u32(16, states[commit.state]);
  writer.u32(20, commit.checksum);
  writer.u64(24, commit.generation);
  writer.u64(32, commit.lengthBytes);
  writer.u64(40, commit.blockCount);
  writer.u64(48, commit.runCount);
  writer.u64(56, commit.jumpBackEntry);
  writer.bytes(64, bytesOfHex(commit.machineUuid));
  writer.u32(80, commit.rootChecksum);
  writer.u32(crcOffset, crc32(sector.subarray(0, crcOffset)));
  return sector;
}

const uuidSizeBytes = 16;

function bytesOfHex(text: string): Uint8Array {
  return Uint8Array.from({ length: uuidSizeBytes }, (_, index) =>
    Number.parseInt(text.slice(2 * index, 2 * index + 2), 16),
  );
}

const hexOfBytes = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** For whoever loads: an image that was loaded once is refused. */
export function decodeCommit(sector: Uint8Array): Commit {
  const commit = inspectCommit(sector);
  if (commit.state === 'committed') return commit;
  throw new ImageError('saved.consumed', { offset: 16, expected: 'state committed', found: commit.state });
}

/** For whoever only looks: consumed images too. */
export function inspectCommit(sector: Uint8Array): Commit {
  const reader = new ByteReader(sector);
  const found = reader.text(0, commitMagic.length);
  if (found !== commitMagic) {
    throw new ImageError('saved.no-commit', {
      offset: 0,
      expected: `"${commitMagic}"`,
      found: JSON.stringify(found),
    });
  }
  checkCrc(sector, reader);
  if (reader.u32(8) !== version) {
    const facts = { offset: 8, expected: `version ${version}`, found: `${reader.u32(8)}` };
    throw new ImageError('saved.unsupported-version', facts);
  }
  return {
    kind: named(kinds, reader, 12),
    state: named(states, reader, 16),
    generation: reader.u64(24),
    lengthBytes: reader.u64(32),
    blockCount: reader.u64(40),
    runCount: reader.u64(48),
    checksum: reader.u32(20),
    jumpBackEntry: physical(reader.u64(56)),
    machineUuid: hexOfBytes(reader.bytes(64, uuidSizeBytes)),
    rootChecksum: reader.u32(80),
  };
}

function checkCrc(sector: Uint8Array, reader: ByteReader): void {
  const expected = reader.u32(crcOffset);
  const found = crc32(sector.subarray(0, crcOffset));
  if (expected === found) return;
  throw damaged(crcOffset, `the CRC ${hex(expected)} that stands there`, hex(found));
}

function named<Name extends string>(
  numbers: Readonly<Record<Name, number>>,
  reader: ByteReader,
  offset: number,
): Name {
  const value = reader.u32(offset);
  // The compiler cannot see that the keys of a record are its key type.
  const names = Object.keys(numbers) as Name[];
  const name = names.find((one) => numbers[one] === value);
  if (name !== undefined) return name;
  throw damaged(offset, names.map((one) => `${numbers[one]} (${one})`).join(' or '), `${value}`);
}

const damaged = (offset: number, expected: string, found: string): ImageError =>
  new ImageError('saved.damaged-commit', { offset, expected, found });
