/**
 * The damaged images behind the recorded logs x1 to x12, made again from c1 and c2 as the notes in manifest.json say: what was changed,
 * and how many bytes. Where the notes do not tell the place, all places are tried that make sense, some of them drawn by a seed.
 */
import { nextMapOffset } from '../../image/formats/swsusp/map-chain.ts';
import { openSwsusp, type SwsuspImage } from '../../image/formats/swsusp/open-swsusp.ts';
import { storedOffset } from '../../image/formats/swsusp/stored-pages.ts';
import { pagesOfUnit, unitHeaderBytes } from '../../image/formats/swsusp/units.ts';
import { pageSizeBytes } from '../../image/pfn.ts';
import type { Source } from '../../image/sink.ts';
import { seededChoices } from '../../machines/system/choices.ts';
import { type Patch, patched } from './recorded-image.ts';

export type Damage = {
  /** The recorded log of the machine that met it. */
  readonly log: string;
  readonly where: string;
  readonly source: Source;
  readonly expected: Expected;
};

export type Expected = {
  readonly willResume: boolean;
  /** The checks one of which fails. */
  readonly checks: readonly string[];
  /** One of which is what Linux prints: `resume failed (-61)`. */
  readonly errors: readonly number[];
};

const resumes: Expected = { willResume: true, checks: [], errors: [] };
const fails = (checks: readonly string[], ...errors: readonly number[]): Expected => ({
  willResume: false,
  checks,
  errors,
});

const damagedData = fails(['data', 'frame list', 'CRC of the data'], -61, -22, -14, -1);

/** `lzo`: c1, `plain`: c2, as they were recorded. */
export function* damages(lzo: Source, plain: Source, seed: number): Generator<Damage> {
  const { choose } = seededChoices(seed);
  const draw: Draw = (count) => choose(count, 'a place');
  yield* inPackedData(lzo, draw);
  yield* inCrc(lzo, draw);
  yield* inPlainData(plain, draw);
  yield* inFrameCount(lzo, draw);
  yield* ofOtherMachines(lzo, plain);
  yield* inSignature(lzo, draw);
  yield* inHardwareSignature(lzo, draw);
  yield* inChain(lzo, 'c1', draw);
  yield* inChain(plain, 'c2', draw);
}

type Draw = (count: number) => number;

/** Other bytes than those that were there. */
function flipped(source: Source, offset: number, length: number, draw: Draw): Patch {
  const bytes = source.readAt(offset, length).map((byte) => byte ^ (1 + draw(255)));
  return { offset, bytes };
}

const flip = (source: Source, offset: number, length: number, draw: Draw): Source =>
  patched(source, [flipped(source, offset, length, draw)]);

/** x1: 4 bytes flipped inside the LZO compressed data. */
function* inPackedData(source: Source, draw: Draw): Generator<Damage> {
  const log = 'x1-corrupt-lzo-data';
  const image = openSwsusp(source);
  const unitCount = image.units?.count ?? 0;
  const units = [0, 1, unitCount - 1, ...Array.from({ length: 6 }, () => draw(unitCount))];
  for (const unit of units) {
    const { offset, packedBytes, at } = placeOfUnit(image, unit);
    const end = unitHeaderBytes + packedBytes;
    const places = [
      unitHeaderBytes,
      end - 4,
      ...[1, 2, 3].map(() => unitHeaderBytes + draw(packedBytes - 4)),
    ];
    for (const place of places) {
      // Four bytes may span two pages, and those may lie apart; then the first page's are flipped.
      const length = Math.min(4, pageSizeBytes - (place % pageSizeBytes));
      const where = `unit ${unit}, byte ${place}`;
      yield { log, where, source: flip(source, at(place), length, draw), expected: damagedData };
    }
    const lengthWord = flip(source, offset, 4, draw);
    yield { log, where: `unit ${unit}, length`, source: lengthWord, expected: damagedData };
    const padding = pagesOfUnit(packedBytes) * pageSizeBytes - end;
    if (padding < 4) continue;
    const behind = flip(source, at(end), 4, draw);
    yield { log, where: `unit ${unit}, behind its end`, source: behind, expected: resumes };
  }
}

type UnitPlace = {
  readonly offset: number;
  readonly packedBytes: number;
  readonly at: (byteOfUnit: number) => number;
};

function placeOfUnit({ units, map: { chain } }: SwsuspImage, unit: number): UnitPlace {
  const place = units?.at(unit) ?? { storedIndex: 1, packedBytes: 0 };
  const at = (byte: number): number =>
    storedOffset(chain, place.storedIndex + Math.floor(byte / pageSizeBytes)) + (byte % pageSizeBytes);
  return { offset: at(0), packedBytes: place.packedBytes, at };
}

/** x2: the CRC field of the header flipped. */
function* inCrc(source: Source, draw: Draw): Generator<Damage> {
  const log = 'x2-corrupt-crc-field';
  const expected = fails(['CRC of the data'], -61);
  for (const [at, length] of [...eachByte(4060, 4), [4060, 4] as const])
    yield { log, where: `bytes ${at}-${at + length - 1}`, source: flip(source, at, length, draw), expected };
}

const eachByte = (offset: number, length: number): (readonly [number, 1])[] =>
  Array.from({ length }, (_, index) => [offset + index, 1] as const);

/** x3: 4 bytes of data of an uncompressed image flipped. */
function* inPlainData(source: Source, draw: Draw): Generator<Damage> {
  const log = 'x3-corrupt-nocompress-data';
  const { info, map, stream } = openSwsusp(source);
  const listPages = info.pages - info.dataPages - 1;
  const pages = [listPages, stream.pageCount - 1];
  for (let count = 0; count < 10; count += 1) pages.push(listPages + draw(info.dataPages));
  for (const page of pages) {
    const at = storedOffset(map.chain, page + 1) + 4 * draw(pageSizeBytes / 4);
    yield { log, where: `data page ${page}`, source: flip(source, at, 4, draw), expected: resumes };
  }
  const entry = stream.offsetOf(draw(listPages - 1)) + 8 * draw(512);
  const beyond = patched(source, [{ offset: entry + 4, bytes: Uint8Array.of(1) }]);
  yield { log: 'none', where: 'frame list', source: beyond, expected: fails(['frame list'], -14) };
}

/** x6: num_physpages flipped. */
function* inFrameCount(source: Source, draw: Draw): Generator<Damage> {
  const log = 'x6-corrupt-num-physpages';
  const offset = openSwsusp(source).infoOffset + 400;
  const expected = fails(['memory size'], -1);
  for (const [at] of eachByte(offset, 8))
    yield { log, where: `byte ${at - offset}`, source: flip(source, at, 1, draw), expected };
}

/** x7: 160 MB image on a 176 MB machine. x12: on one with 2 CPUs. */
function* ofOtherMachines(lzo: Source, plain: Source): Generator<Damage> {
  for (const [name, source] of [['c1', lzo] as const, ['c2', plain] as const]) {
    const expected = fails(['firmware memory map'], -1);
    yield { log: 'x7-ram-mismatch', where: name, source, expected };
    yield { log: 'x12-more-cpus', where: name, source, expected: resumes };
  }
}

/** x8: S1SUSPEND damaged. */
function* inSignature(source: Source, draw: Draw): Generator<Damage> {
  const expected = fails(['signature'], -22);
  for (const [at] of eachByte(4086, 10))
    yield { log: 'x8-bad-signature', where: `byte ${at}`, source: flip(source, at, 1, draw), expected };
}

/** x9: the flag set, with another hardware signature; the signature alone is not looked at. */
function* inHardwareSignature(source: Source, draw: Draw): Generator<Damage> {
  const log = 'x9-hwsig-mismatch';
  const signature = { offset: 4056, bytes: Uint8Array.of(0x78, 0x56, 0x34, 0x12) };
  const flag = { offset: 4072, bytes: Uint8Array.of((source.readAt(4072, 1)[0] ?? 0) | 8) };
  const expected = fails(['hardware signature'], -22);
  yield { log, where: '0x12345678', source: patched(source, [signature, flag]), expected };
  const drawn = flipped(source, 4056, 4, draw);
  yield { log, where: 'drawn', source: patched(source, [drawn, flag]), expected };
  yield { log, where: 'without the flag', source: patched(source, [signature]), expected: resumes };
}

/** x10: next_swap of a map page points beyond the device. */
function* inChain(source: Source, name: string, draw: Draw): Generator<Damage> {
  const { mapPages } = openSwsusp(source).map.chain;
  const pages = source.length / pageSizeBytes;
  const expected = fails(['map of the image'], -5);
  for (const mapPage of mapPages)
    for (const page of [pages, pages + 1 + draw(2 ** 20), 2 ** 40 + draw(2 ** 20)]) {
      const bytes = new Uint8Array(8);
      new DataView(bytes.buffer).setBigUint64(0, BigInt(page), true);
      const patch = { offset: mapPage * pageSizeBytes + nextMapOffset, bytes };
      yield {
        log: 'x10-corrupt-map-next',
        where: `${name}, map page ${mapPage} to ${page}`,
        source: patched(source, [patch]),
        expected,
      };
    }
}
