/**
 * The entry list of a kexec image: the orders for the page swap, in pages that the relocation code reads.
 *
 *   head ──> | D | S | S | … | S | I ──> | S | D | S | … | done |
 *              0   1   2      510  511     0   1   2
 *
 * An entry is 8 bytes: the address of a page, and in the low bits what it means. D sets the destination, S
 * swaps one page with the destination and moves that on by a page, I goes on in another list page. A page holds
 * 511 entries and the link to the next; `done` may stand in the place of the link. The head is an entry itself,
 * kept in the control page.
 *
 * Promises: encoding and walking are inverse; a walk over any bytes whatever ends, in a fault if need be. Where
 * a processor would walk on through garbage, what it does is not ours to say: that is a fault value, never an
 * exception.
 * Sources: linux.md A1.5, D.2; Linux 6.12 include/linux/kexec.h (IND_*), kernel/kexec_core.c:kimage_add_entry,
 * arch/x86/kernel/relocate_kernel_64.S:swap_pages.
 */
import type { Hex64 } from '../../image/bytes.ts';
import { type Pfn, pageSizeBytes, pfn } from '../../image/pfn.ts';
import { assert } from '../assert.ts';
import { type FrameWord, readFrameWord, readWord, wordSizeBytes, writeFrameWord } from './word.ts';

export type ListEntry = { readonly kind: 'destination' | 'source'; readonly frame: Pfn };

export type EncodedList = {
  /** As it stands in the control page. */
  readonly head: FrameWord;
  readonly pages: readonly { readonly frame: Pfn; readonly bytes: Uint8Array }[];
};

export type ListMove = { readonly type: 'list.move'; readonly destination: Pfn; readonly source: Pfn };

export type ListFault = {
  readonly type: 'list.fault';
  readonly reason:
    | 'bad-word'
    | 'no-destination'
    | 'ran-past-page'
    | 'page-missing'
    | 'loop'
    | 'too-many-list-pages';
  /** The list page and the index in it; null: the head. */
  readonly at: { readonly frame: Pfn; readonly index: number } | null;
  readonly word: Hex64;
  /** For `too-many-list-pages`. */
  readonly limit: number;
};

/** Undefined: there is no memory at this frame. */
export type ReadPage = (frame: Pfn) => Uint8Array | undefined;

const kindBits = { destination: 1, indirection: 2, done: 4, source: 8 } as const;
export type EntryKind = keyof typeof kindBits;

export const entriesPerPage = pageSizeBytes / wordSizeBytes;
const entriesBeforeLink = entriesPerPage - 1;
/** Lists for 2 TiB: a limit for walks over garbage, far above what kexec_load takes. */
const listPageLimit = 2 ** 20;

export const listPageCount = (entryCount: number): number => Math.ceil(entryCount / entriesBeforeLink);

/** `listFrames` has exactly as many as the entries need. */
export function encodeEntryList(entries: readonly ListEntry[], listFrames: readonly Pfn[]): EncodedList {
  assert(
    listFrames.length === listPageCount(entries.length),
    'entry-list: a frame for each list page, no more',
  );
  const pages = listFrames.map((frame, pageIndex) => {
    const bytes = new Uint8Array(pageSizeBytes);
    const first = pageIndex * entriesBeforeLink;
    const own = entries.slice(first, first + entriesBeforeLink);
    own.forEach(({ kind, frame: target }, index) => {
      writeFrameWord(bytes, index * wordSizeBytes, { frame: target, lowBits: kindBits[kind] });
    });
    const next = linkTo(listFrames[pageIndex + 1]);
    writeFrameWord(bytes, own.length * wordSizeBytes, next);
    return { frame, bytes };
  });
  return { head: linkTo(listFrames[0]), pages };
}

/** A link to a list page; without one, the end. The head of a list is such a word too. */
export const linkTo = (frame: Pfn | undefined): FrameWord =>
  frame === undefined ? { frame: pfn(0), lowBits: kindBits.done } : { frame, lowBits: kindBits.indirection };

/**
 * A word of a list page. `empty` is what lies behind `done`; `bad` is none, several, or other low bits, or an
 * address beyond 2^52.
 */
export type DecodedEntry =
  | { readonly kind: EntryKind; readonly frame: Pfn }
  | { readonly kind: 'empty' | 'bad'; readonly word: Hex64 };

/** All 512 words, for people and tests; the walk reads one by one. */
export const decodeEntryPage = (bytes: Uint8Array): readonly DecodedEntry[] =>
  Array.from({ length: entriesPerPage }, (_, index) => {
    const offset = index * wordSizeBytes;
    const word = readFrameWord(bytes, offset);
    const kind = word === undefined ? undefined : kindOf(word.lowBits);
    if (word !== undefined && kind !== undefined) return { kind, frame: word.frame };
    return { kind: word?.frame === 0 && word.lowBits === 0 ? 'empty' : 'bad', word: readWord(bytes, offset) };
  });

/** The processor tests the four bits in turn and ignores all others; we take only what Linux writes. */
function kindOf(lowBits: number): EntryKind | undefined {
  switch (lowBits) {
    case kindBits.destination:
      return 'destination';
    case kindBits.indirection:
      return 'indirection';
    case kindBits.done:
      return 'done';
    case kindBits.source:
      return 'source';
  }
  return undefined;
}

/** In the order of swap_pages. After a fault, or after `done`, nothing more comes. */
export function* walkEntryList(
  head: FrameWord,
  readPage: ReadPage,
  limit: number = listPageLimit,
): Generator<ListMove | ListFault, void> {
  let destination: Pfn | undefined;
  for (const entry of entriesFrom({ head, readPage, limit })) {
    if (entry.type === 'list.fault') return yield entry;
    if (entry.kind === 'destination') {
      destination = entry.frame;
    } else if (destination === undefined) {
      return yield faultAt(entry, 'no-destination', limit);
    } else {
      yield { type: 'list.move', destination, source: entry.frame };
      destination = pfn(destination + 1);
    }
  }
}

/** The pages that the list itself stands in, as far as links can be followed. */
export function* listFramesOf(head: FrameWord, readPage: ReadPage): Generator<Pfn> {
  let frame = head.lowBits === kindBits.indirection ? head.frame : undefined;
  for (let count = 0; frame !== undefined && count < listPageLimit; count += 1) {
    yield frame;
    const bytes = readPage(frame);
    const link: DecodedEntry | undefined =
      bytes && decodeEntryPage(bytes).find(({ kind }) => kind !== 'destination' && kind !== 'source');
    frame = link?.kind === 'indirection' ? link.frame : undefined;
  }
}

type Walk = { readonly head: FrameWord; readonly readPage: ReadPage; readonly limit: number };
/** Where a word stands: in a list page, or alone as the head. */
type Place = { readonly at: ListFault['at']; readonly bytes: Uint8Array };
type FoundEntry = Place & {
  readonly type: 'list.entry';
  readonly kind: EntryKind | undefined;
  readonly frame: Pfn;
};

/** Destinations and sources, links followed and `done` found. */
function* entriesFrom({ head, readPage, limit }: Walk): Generator<FoundEntry | ListFault, void> {
  const walked = new Set<Pfn>();
  const headBytes = new Uint8Array(wordSizeBytes);
  writeFrameWord(headBytes, 0, head);
  let entry = entryAt({ at: null, bytes: headBytes });
  while (entry.kind === 'indirection') {
    const bytes = readPage(entry.frame);
    if (bytes === undefined) return yield faultAt(entry, 'page-missing', limit);
    if (walked.has(entry.frame)) return yield faultAt(entry, 'loop', limit);
    if (walked.size >= limit) return yield faultAt(entry, 'too-many-list-pages', limit);
    walked.add(entry.frame);
    entry = yield* entriesOfPage(bytes, entry.frame);
  }
  if (entry.kind === 'done') return;
  // Behind the head, and behind the last entry of a page, nothing stands.
  yield faultAt(entry, entry.kind === undefined ? 'bad-word' : 'ran-past-page', limit);
}

/** Yields what can be gone on from within the page; returns what ends it. */
function* entriesOfPage(bytes: Uint8Array, frame: Pfn): Generator<FoundEntry, FoundEntry> {
  for (let index = 0; ; index += 1) {
    const entry = entryAt({ at: { frame, index }, bytes });
    const isMove = entry.kind === 'destination' || entry.kind === 'source';
    if (!isMove || index === entriesPerPage - 1) return entry;
    yield entry;
  }
}

function entryAt(place: Place): FoundEntry {
  const word = readFrameWord(place.bytes, offsetOf(place));
  const kind = word === undefined ? undefined : kindOf(word.lowBits);
  return { type: 'list.entry', kind, frame: word?.frame ?? pfn(0), ...place };
}

function faultAt(place: Place, reason: ListFault['reason'], limit: number): ListFault {
  return { type: 'list.fault', reason, at: place.at, word: readWord(place.bytes, offsetOf(place)), limit };
}

const offsetOf = ({ at }: Place): number => (at === null ? 0 : at.index * wordSizeBytes);
