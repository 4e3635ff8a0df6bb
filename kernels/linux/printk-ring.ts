/**
 * The kernel's log, in its memory: what printk writes there and what a reader of a dump finds.
 *
 * Promises the bytes that Linux 6.12 leaves behind when one writer after the other prints: ids and positions count and wrap as there,
 * old records give way as there, a line is continued in place, a long one is cut where there. All state is in the pages; a line
 * touches about four of them.
 * Sources: Linux 6.12 kernel/printk/printk_ringbuffer.c (prb_reserve, prb_reserve_in_last, prb_commit), printk.c (vprintk_store,
 * printk_sprint). The tests decode every record of a real dump and measure its room (log b2).
 * A damaged log loses lines, and nobody falls over it (printk-words.ts).
 * Left out: writers that race, so that no record is ever found reserved; printk from NMI; a larger buffer (log_buf_len=), whose
 * early records are copied over without their spare bytes.
 */
import { levelNumbers, type MessageLevel } from './messages/template.ts';
import { type PagePort, viewOf } from './paged-bytes.ts';
import { printkLayout, type RingGeometry } from './printk-layout.ts';
import {
  type Block,
  blockAt,
  blockOf,
  failedLpos,
  idMask,
  infoAt,
  isDataless,
  isWrapped,
  nextLpos,
  pushTextTail,
  type RingWords,
  ringWords,
  setBlock,
  setState,
  stateOf,
  textAt,
  textRoomOf,
} from './printk-words.ts';

export type DeviceName = { readonly subsystem: string; readonly device: string };

export type NewRecord = {
  readonly timeNs: number;
  /** `cont` goes on with the last record when that is open and from the same caller; else it begins one of its own. */
  readonly level: MessageLevel;
  readonly text: string;
  /** The process, or 0x80000000 plus the processor outside of one (printk.c:printk_caller_id). */
  readonly callerId: number;
  /** The text had no newline. */
  readonly isOpen?: boolean;
  /** What dev_printk keeps beside the text, such as `platform` and `+platform:serial8250`. */
  readonly device?: DeviceName;
  /** 0 the kernel, 1 user space through /dev/kmsg. */
  readonly facility?: number;
};

export type LogRecord = {
  readonly sequence: number;
  readonly timeNs: number;
  /** 0 emergency to 7 debug. */
  readonly level: number;
  readonly facility: number;
  readonly callerId: number;
  readonly isOpen: boolean;
  readonly device: DeviceName | undefined;
  readonly text: string;
  /** As it stands in memory: a text need not be UTF-8. */
  readonly textBytes: Uint8Array;
};

/** kernel/printk/internal.h (LOG_NEWLINE, LOG_CONT, PRINTKRB_RECORD_MAX). */
const newlineFlag = 2;
const continuedFlag = 8;
const recordLimitBytes = 1024;
/** The level as printk's macros put it before the text, SOH and a digit: it is given room and then cut off. */
const levelPrefixBytes = 2;

/** vprintk_store: the sequence number of the record that was written or continued; undefined: there was no room to be had. */
export function appendRecord(port: PagePort, geometry: RingGeometry, record: NewRecord): number | undefined {
  const ring = ringWords(port, geometry);
  if (ring === undefined) return undefined;
  const line = storedLine(record);
  const continued = record.level === 'cont' ? continueLast(ring, record, line) : undefined;
  const sequence = continued ?? beginNext(ring, record, line);
  ring.bytes.flush();
  return sequence === undefined ? undefined : Number(sequence);
}

/** The records that a reader of a dump shows, oldest first, open ones included (makedumpfile printk.c:dump_lockless_dmesg). */
export function readRecords(port: PagePort, geometry: RingGeometry): LogRecord[] {
  const ring = ringWords(port, geometry);
  if (ring === undefined) return [];
  const tail = ring.bytes.word(ring.tailId);
  const distance = (ring.bytes.word(ring.headId) - tail) & idMask;
  if (distance >= ring.count) return [];
  const records: LogRecord[] = [];
  for (let step = 0n; step <= distance; step++) {
    const id = (tail + step) & idMask;
    const state = stateOf(ring, id);
    if (state !== 'committed' && state !== 'finalized') continue;
    const block = blockOf(ring, id);
    const roomBytes = isDataless(block) ? undefined : textRoomOf(ring, block);
    if (roomBytes !== undefined) records.push(readRecord(ring, id, roomBytes));
  }
  return records;
}

/** A line as it will be stored, and the room it asks for: more than it needs. */
type Line = { readonly reserveBytes: number; readonly text: Uint8Array; readonly flags: number };

function storedLine({ level, text, isOpen = false, device, facility = 0 }: NewRecord): Line {
  const hasPrefix = facility === 0 && device === undefined && level !== 'default';
  const prefixBytes = hasPrefix ? levelPrefixBytes : 0;
  const bytes = new TextEncoder().encode(text);
  const printedBytes = prefixBytes + bytes.length + (isOpen ? 0 : 1);
  // One byte more than can be kept: vscnprintf ends with a NUL.
  const reserveBytes = Math.min(printedBytes + 1, recordLimitBytes);
  const isCut = printedBytes > reserveBytes - 1;
  const hasNewline = (!isCut && !isOpen) || device !== undefined;
  return {
    reserveBytes,
    text: bytes.subarray(0, reserveBytes - 1 - prefixBytes),
    flags: (hasNewline ? newlineFlag : 0) | (level === 'cont' ? continuedFlag : 0),
  };
}

/** prb_reserve: a record that gets no room for its text is committed without one. */
function beginNext(ring: RingWords, record: NewRecord, line: Line): bigint | undefined {
  const { bytes, count } = ring;
  const id = reserveDescriptor(ring);
  if (id === undefined) return undefined;
  const before = bytes.word(infoAt(ring, id) + printkLayout.info.seq);
  const isFirstUse = before === 0n && id % count !== 0n;
  const sequence = isFirstUse ? id % count : BigInt.asUintN(64, before + count);
  const previous = (id - 1n) & idMask;
  if (sequence > 0n && stateOf(ring, previous) === 'committed') finalize(ring, previous, sequence - 1n);
  const block = allocateText(ring, id, line.reserveBytes);
  setBlock(ring, id, block ?? { begin: failedLpos, next: failedLpos });
  bytes.write(infoAt(ring, id), infoBytes(record, line, sequence));
  if (block === undefined) {
    setState(ring, id, 'finalized');
    return undefined;
  }
  bytes.write(textAt(ring, block), line.text);
  commit(ring, id, { sequence, flags: line.flags });
  return sequence;
}

/** prb_reserve_in_last: undefined when the last record is finished, from another caller, or would become too long. */
function continueLast(ring: RingWords, record: NewRecord, line: Line): bigint | undefined {
  const { info } = printkLayout;
  const id = ring.bytes.word(ring.headId);
  const changed = ring.bytes.read(infoAt(ring, id), info.sizeBytes);
  const view = viewOf(changed);
  if (stateOf(ring, id) !== 'committed' || view.getUint32(info.callerId, true) !== record.callerId)
    return undefined;
  const length = view.getUint16(info.textLen, true);
  if (length + line.reserveBytes > recordLimitBytes) return undefined;
  const block = extendText(ring, id, { length, reserveBytes: length + line.reserveBytes });
  if (block === undefined) return undefined;
  setBlock(ring, id, block);
  ring.bytes.write(textAt(ring, block) + length, line.text);
  const flags = view.getUint8(info.flagsAndLevel) | (line.flags & newlineFlag);
  view.setUint16(info.textLen, length + line.text.length, true);
  view.setUint8(info.flagsAndLevel, flags);
  ring.bytes.write(infoAt(ring, id), changed);
  const sequence = view.getBigUint64(info.seq, true);
  commit(ring, id, { sequence, flags });
  return sequence;
}

/** desc_reserve: with all descriptors in use, the oldest record goes, and the text up to its end. */
function reserveDescriptor(ring: RingWords): bigint | undefined {
  const id = (ring.bytes.word(ring.headId) + 1n) & idMask;
  const tail = ring.bytes.word(ring.tailId);
  if (((id - ring.count) & idMask) === tail) {
    if (stateOf(ring, tail) === undefined || !pushTextTail(ring, blockOf(ring, tail).next)) return undefined;
    setState(ring, tail, 'reusable');
    ring.bytes.setWord(ring.tailId, (tail + 1n) & idMask);
  }
  ring.bytes.setWord(ring.headId, id);
  return id;
}

/** data_alloc. A block that crosses the end of the ring leaves only its id there. */
function allocateText(ring: RingWords, id: bigint, reserveBytes: number): Block | undefined {
  const begin = ring.bytes.word(ring.headLpos);
  const block = { begin, next: nextLpos(ring, begin, reserveBytes) };
  if (begin % 8n !== 0n || !pushTextTail(ring, BigInt.asUintN(64, block.next - ring.sizeBytes)))
    return undefined;
  ring.bytes.setWord(ring.headLpos, block.next);
  ring.bytes.setWord(blockAt(ring, begin), id);
  if (isWrapped(ring, block)) ring.bytes.setWord(ring.text, id);
  return block;
}

/** data_realloc: the last block grows in place; if it now crosses the end of the ring, its text moves to the beginning. */
function extendText(
  ring: RingWords,
  id: bigint,
  { length, reserveBytes }: { readonly length: number; readonly reserveBytes: number },
): Block | undefined {
  const old = blockOf(ring, id);
  if (textRoomOf(ring, old) === undefined) return undefined;
  const block = { begin: old.begin, next: nextLpos(ring, old.begin, reserveBytes) };
  // The padding already has the room.
  if (BigInt.asUintN(64, old.next - block.next) < ring.sizeBytes) return old;
  if (!pushTextTail(ring, BigInt.asUintN(64, block.next - ring.sizeBytes))) return undefined;
  ring.bytes.setWord(ring.headLpos, block.next);
  if (isWrapped(ring, block) && !isWrapped(ring, old)) {
    ring.bytes.setWord(ring.text, id);
    ring.bytes.write(textAt(ring, block), ring.bytes.read(textAt(ring, old), length));
  }
  return block;
}

/** prb_commit leaves a line without newline open to be continued, prb_final_commit does not. */
function commit(
  ring: RingWords,
  id: bigint,
  { sequence, flags }: { readonly sequence: bigint; readonly flags: number },
): void {
  if ((flags & newlineFlag) === newlineFlag) finalize(ring, id, sequence);
  else setState(ring, id, 'committed');
}

function finalize(ring: RingWords, id: bigint, sequence: bigint): void {
  setState(ring, id, 'finalized');
  ring.bytes.setWord(ring.lastFinalizedSeq, sequence);
}

function infoBytes(record: NewRecord, line: Line, sequence: bigint): Uint8Array {
  const { info, devInfo } = printkLayout;
  const bytes = new Uint8Array(info.sizeBytes);
  const view = viewOf(bytes);
  view.setBigUint64(info.seq, sequence, true);
  view.setBigUint64(info.tsNsec, BigInt(record.timeNs), true);
  view.setUint16(info.textLen, line.text.length, true);
  view.setUint8(info.facility, record.facility ?? 0);
  view.setUint8(info.flagsAndLevel, (levelNumbers[record.level] << 5) | line.flags);
  view.setUint32(info.callerId, record.callerId, true);
  const { subsystem = '', device = '' } = record.device ?? {};
  // Each ends with a NUL, cut if need be (drivers/base/core.c:set_dev_info).
  const name = (text: string, roomBytes: number) => new TextEncoder().encode(text).subarray(0, roomBytes - 1);
  bytes.set(name(subsystem, devInfo.subsystemBytes), info.devInfo + devInfo.subsystem);
  bytes.set(name(device, devInfo.deviceBytes), info.devInfo + devInfo.device);
  return bytes;
}

function readRecord(ring: RingWords, id: bigint, roomBytes: number): LogRecord {
  const { info, devInfo } = printkLayout;
  const bytes = ring.bytes.read(infoAt(ring, id), info.sizeBytes);
  const view = viewOf(bytes);
  const flagsAndLevel = view.getUint8(info.flagsAndLevel);
  const length = Math.min(view.getUint16(info.textLen, true), roomBytes);
  const textBytes = ring.bytes.read(textAt(ring, blockOf(ring, id)), length);
  const subsystem = nameAt(bytes, info.devInfo + devInfo.subsystem, devInfo.subsystemBytes);
  const device = nameAt(bytes, info.devInfo + devInfo.device, devInfo.deviceBytes);
  return {
    sequence: Number(view.getBigUint64(info.seq, true)),
    timeNs: Number(view.getBigUint64(info.tsNsec, true)),
    level: flagsAndLevel >> 5,
    facility: view.getUint8(info.facility),
    callerId: view.getUint32(info.callerId, true),
    isOpen: (flagsAndLevel & newlineFlag) === 0,
    device: subsystem === '' && device === '' ? undefined : { subsystem, device },
    text: decoded(textBytes),
    textBytes,
  };
}

function nameAt(bytes: Uint8Array, offset: number, roomBytes: number): string {
  const room = bytes.subarray(offset, offset + roomBytes);
  const end = room.indexOf(0);
  return decoded(end < 0 ? room : room.subarray(0, end));
}

/** A byte order mark is text here. */
const decoded = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
