/**
 * What pages hold. Every content that any world of a history has seen is kept here once, under a small number: equal
 * ids are equal bytes and equal bytes are equal ids, always a whole page of 4096. Worlds and page maps hold ids only,
 * so two memories are compared, copied and swapped without touching a byte.
 *
 * The store only grows and nothing in it changes, so all worlds of one history may share it, forks included; it is not
 * part of any world. Ids follow the order of arrival: the same run gives the same ids. Bytes that are handed out are
 * the store's own: nobody may write into them (a typed array cannot be frozen, so this is a promise and not a check).
 *
 * Left out: forgetting. A content whose last world is gone stays until the whole store goes.
 */
import { Buffer } from 'node:buffer';
import { hash as hashOf } from 'node:crypto';
import { pageSizeBytes } from '../../image/pfn.ts';
import { assert } from '../assert.ts';
import { type ContentRule, writeByRule } from './content-rules.ts';
import { type PageHash, pageHash } from './page-hash.ts';

export type ContentId = number & { readonly brand: 'ContentId' };

/** Reads a structure out of a page. The result is shared by all who ask, so nobody may change it. */
export type Decoder<T> = { readonly name: string; decode(bytes: Uint8Array): T };

// The casts make the first two ids: what the compiler cannot see is that every store interns these contents first.
/** 4096 bytes of zero. */
export const zeroContent = 0 as ContentId;
/**
 * What a frame holds after power was off, until it is written: the ASCII word POISONED, 512 times. Read as a pointer
 * that is 0x44454e4f53494f50, not canonical on x86-64, so that nothing which follows it can seem to work.
 */
export const poisonContent = 1 as ContentId;

/** Ids stay below 2^31: V8 keeps such numbers unboxed, and they fit the 32-bit words of a packed state. */
const contentLimit = 2 ** 31 - 1;
/** 256 KiB at a time: few allocations, and a small store stays small. */
const pagesPerSlab = 64;
/** Whoever walks over pages of rules reads each once; this is for those that come back to a few. */
const recomputedLimit = 16;

/** All contents of one rule, but for the index: a store has thousands of pages of a rule and a handful of rules. */
type Family = { readonly rule: ContentRule; readonly number: number; readonly ids: Map<number, ContentId> };

/** Ends a chain of contents with the same hash. */
const noContent = -1;

export class Contents {
  // One number for each content, by id, three times over: objects would cost four times as much.
  /** Where bytes come from: the number of a kept page, or -1 - the number of a family. */
  private readonly sources: number[] = [];
  /** The index within the family. */
  private readonly indexes: number[] = [];
  /** The content that came before with the same hash. */
  private readonly nexts: number[] = [];
  private readonly newestByHash = new Map<number, ContentId>();
  private readonly families: Family[] = [];
  private readonly familyByRule = new Map<string, Family>();
  private readonly slabs: ArrayBuffer[] = [];
  private keptPageCount = 0;
  private readonly recomputed = new Map<ContentId, Uint8Array>();
  private readonly digests = new Map<ContentId, string>();
  private readonly decoded = new WeakMap<Decoder<unknown>, Map<ContentId, unknown>>();
  private readonly incoming = new Uint8Array(pageSizeBytes);
  private readonly incomingWords = new Int32Array(this.incoming.buffer);
  private readonly hash: PageHash;

  /** Only a test of collisions gives another hash. */
  constructor(hash: PageHash = pageHash) {
    this.hash = hash;
    const poison = new TextEncoder().encode('POISONED'.repeat(pageSizeBytes / 8));
    const zero = this.intern(new Uint8Array(pageSizeBytes));
    assert(
      zero === zeroContent && this.intern(poison) === poisonContent,
      'contents: zero and poison come first',
    );
  }

  /** How many different contents there are. */
  get size(): number {
    return this.sources.length;
  }

  /** Bytes of pages that are kept as they are, or kept for a while after they were computed from their rule. */
  get heldBytes(): number {
    return (this.keptPageCount + this.recomputed.size) * pageSizeBytes;
  }

  /** Copies: the caller may go on writing into its bytes. */
  intern(bytes: Uint8Array): ContentId {
    assert(bytes.length === pageSizeBytes, 'contents.intern: a content is exactly one page');
    this.incoming.set(bytes);
    return this.internIncoming();
  }

  /** The content `id` with some bytes replaced. */
  written(id: ContentId, offsetBytes: number, bytes: Uint8Array): ContentId {
    assert(
      offsetBytes >= 0 && offsetBytes + bytes.length <= pageSizeBytes,
      'contents.written: beyond the page',
    );
    this.incoming.set(this.bytes(id));
    this.incoming.set(bytes, offsetBytes);
    return this.internIncoming();
  }

  /** The content that follows from a rule; its bytes are not kept but computed again when they are read. */
  made(rule: ContentRule): ContentId {
    const family = this.familyOf(rule);
    const known = family.ids.get(rule.index);
    if (known !== undefined) return known;
    writeByRule(rule, this.incoming);
    const id = this.internIncoming({ family, index: rule.index });
    family.ids.set(rule.index, id);
    return id;
  }

  bytes(id: ContentId): Uint8Array {
    const source = this.sourceOf(id);
    return source >= 0 ? this.keptPage(source) : this.recomputedPage(id, source);
  }

  /** SHA-256 of the bytes, in hex: the same in every store, where ids are not. */
  digest(id: ContentId): string {
    const known = this.digests.get(id);
    if (known !== undefined) return known;
    const digest = hashOf('sha256', this.bytes(id));
    this.digests.set(id, digest);
    return digest;
  }

  /** Decodes each content once for each decoder object, however many worlds hold it. */
  decode<T>(decoder: Decoder<T>, id: ContentId): T {
    let results = this.decoded.get(decoder);
    if (results === undefined) {
      results = new Map();
      this.decoded.set(decoder, results);
    }
    // Under a decoder stand only its own results, but the compiler sees one table for the results of all decoders.
    if (results.has(id)) return results.get(id) as T;
    const result = decoder.decode(this.bytes(id));
    results.set(id, result);
    return result;
  }

  private familyOf(rule: ContentRule): Family {
    // A copy, because the caller's rule may be a draft of Immer, which is gone after its recipe.
    const first = { ...rule, index: 0 };
    const key = JSON.stringify(first);
    const known = this.familyByRule.get(key);
    if (known !== undefined) return known;
    const family = { rule: first, number: this.families.length, ids: new Map<number, ContentId>() };
    this.families.push(family);
    this.familyByRule.set(key, family);
    return family;
  }

  private internIncoming(made?: { readonly family: Family; readonly index: number }): ContentId {
    const hash = this.hash(this.incomingWords);
    const newest = this.newestByHash.get(hash) ?? noContent;
    for (let id = newest; id !== noContent; id = this.nexts[id] ?? noContent) {
      // Chains are made of ids, in the line below that makes them.
      if (Buffer.compare(this.bytes(id as ContentId), this.incoming) === 0) return id as ContentId;
    }
    assert(this.sources.length < contentLimit, 'contents.limit: contentLimit is reached');
    // The number of contents is the next id: this is the one place that makes ids.
    const id = this.sources.length as ContentId;
    this.sources.push(made === undefined ? this.keepIncoming() : -1 - made.family.number);
    this.indexes.push(made?.index ?? 0);
    this.nexts.push(newest);
    this.newestByHash.set(hash, id);
    return id;
  }

  private keepIncoming(): number {
    const page = this.keptPageCount++;
    if (page % pagesPerSlab === 0) this.slabs.push(new ArrayBuffer(pagesPerSlab * pageSizeBytes));
    this.keptPage(page).set(this.incoming);
    return page;
  }

  private keptPage(page: number): Uint8Array {
    const slab = this.slabs[Math.floor(page / pagesPerSlab)];
    assert(slab !== undefined, 'contents: a kept page lies in a slab');
    return new Uint8Array(slab, (page % pagesPerSlab) * pageSizeBytes, pageSizeBytes);
  }

  private recomputedPage(id: ContentId, source: number): Uint8Array {
    const known = this.recomputed.get(id);
    if (known !== undefined) return known;
    const [family, index] = [this.families[-1 - source], this.indexes[id]];
    assert(family !== undefined && index !== undefined, 'contents: a made content has its family and index');
    const page = new Uint8Array(pageSizeBytes);
    writeByRule({ ...family.rule, index }, page);
    for (const oldest of this.recomputed.keys()) {
      if (this.recomputed.size < recomputedLimit) break;
      this.recomputed.delete(oldest);
    }
    this.recomputed.set(id, page);
    return page;
  }

  private sourceOf(id: ContentId): number {
    const source = this.sources[id];
    assert(source !== undefined, 'contents: an id of another store');
    return source;
  }
}
