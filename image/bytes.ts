/**
 * Little-endian fields in bytes, bounded: a field outside the bytes is an ImageError, never undefined and never a RangeError.
 *
 * 64-bit fields come in two kinds. Sizes, offsets and physical addresses are numbers, and a value beyond 2^53 is an error.
 * Virtual addresses and register values use all 64 bits and are 16 hex digits; they are BigInt only inside these methods.
 * Text is one byte per character (Latin-1), so that any bytes survive the way there and back.
 */
import { hex, ImageError } from './image-error.ts';

/** Sixteen lower-case hex digits, most significant first: `ffffffff81000000`. */
export type Hex64 = string;

export class ByteReader {
  readonly #view: DataView;
  readonly #baseOffset: number;

  /** `baseOffset` is where the bytes begin in their file, so that errors name the place in the file. */
  constructor(bytes: Uint8Array, baseOffset = 0) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#baseOffset = baseOffset;
  }

  get length(): number {
    return this.#view.byteLength;
  }

  u8(offset: number): number {
    return this.#view.getUint8(this.#checked(offset, 1));
  }

  u16(offset: number): number {
    return this.#view.getUint16(this.#checked(offset, 2), true);
  }

  u32(offset: number): number {
    return this.#view.getUint32(this.#checked(offset, 4), true);
  }

  u64(offset: number): number {
    const value = this.#view.getBigUint64(this.#checked(offset, 8), true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
      const facts = {
        offset: this.#baseOffset + offset,
        expected: 'a value below 2^53',
        found: hexOf(value, 0),
      };
      throw new ImageError('bytes.too-large', facts);
    }
    return Number(value);
  }

  hex64(offset: number): Hex64 {
    return this.#view.getBigUint64(this.#checked(offset, 8), true).toString(16).padStart(16, '0');
  }

  /** A view, not a copy. */
  bytes(offset: number, lengthBytes: number): Uint8Array {
    this.#checked(offset, lengthBytes);
    return new Uint8Array(this.#view.buffer, this.#view.byteOffset + offset, lengthBytes);
  }

  text(offset: number, lengthBytes: number): string {
    return textOf(this.bytes(offset, lengthBytes));
  }

  #checked(offset: number, sizeBytes: number): number {
    return checkedOffset({ offset, sizeBytes, limit: this.length, baseOffset: this.#baseOffset });
  }
}

export class ByteWriter {
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u8(offset: number, value: number): void {
    this.#view.setUint8(this.#checked(offset, 1), checkedValue(offset, value, 2 ** 8));
  }

  u16(offset: number, value: number): void {
    this.#view.setUint16(this.#checked(offset, 2), checkedValue(offset, value, 2 ** 16), true);
  }

  u32(offset: number, value: number): void {
    this.#view.setUint32(this.#checked(offset, 4), checkedValue(offset, value, 2 ** 32), true);
  }

  u64(offset: number, value: number): void {
    this.u64Wrapping(offset, checkedValue(offset, value, 2 ** 53));
  }

  /** As unsigned C arithmetic has it: -0x10000 becomes 0xffffffffffff0000. */
  u64Wrapping(offset: number, value: number): void {
    if (!Number.isSafeInteger(value)) throw badValue(offset, 'an integer within ±2^53', String(value));
    this.#view.setBigUint64(this.#checked(offset, 8), BigInt.asUintN(64, BigInt(value)), true);
  }

  hex64(offset: number, value: Hex64): void {
    if (!/^[0-9a-f]{16}$/.test(value)) throw badValue(offset, '16 lower-case hex digits', `"${value}"`);
    this.#view.setBigUint64(this.#checked(offset, 8), BigInt(`0x${value}`), true);
  }

  bytes(offset: number, bytes: Uint8Array): void {
    this.#checked(offset, bytes.length);
    new Uint8Array(this.#view.buffer, this.#view.byteOffset, this.#view.byteLength).set(bytes, offset);
  }

  text(offset: number, text: string): void {
    this.bytes(offset, bytesOfText(text));
  }

  #checked(offset: number, sizeBytes: number): number {
    return checkedOffset({ offset, sizeBytes, limit: this.#view.byteLength, baseOffset: 0 });
  }
}

export function textOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

export function bytesOfText(text: string): Uint8Array {
  return Uint8Array.from(text, (character, index) => {
    const code = character.charCodeAt(0);
    if (code > 0xff) throw badValue(index, 'one-byte characters', `"${character}"`);
    return code;
  });
}

type Field = {
  readonly offset: number;
  readonly sizeBytes: number;
  readonly limit: number;
  readonly baseOffset: number;
};

function checkedOffset({ offset, sizeBytes, limit, baseOffset }: Field): number {
  const isInside =
    Number.isSafeInteger(offset) && offset >= 0 && sizeBytes >= 0 && offset + sizeBytes <= limit;
  if (isInside) return offset;
  throw new ImageError('bytes.out-of-range', {
    offset: baseOffset + offset,
    expected: `${sizeBytes} bytes`,
    found: `the end at ${hex(baseOffset + limit)}`,
  });
}

function checkedValue(offset: number, value: number, limit: number): number {
  if (Number.isSafeInteger(value) && value >= 0 && value < limit) return value;
  throw badValue(offset, `an integer from 0 to ${hex(limit - 1)}`, String(value));
}

const badValue = (offset: number, expected: string, found: string): ImageError =>
  new ImageError('bytes.bad-value', { offset, expected, found });

const hexOf = (value: bigint, digits: number): string => `0x${value.toString(16).padStart(digits, '0')}`;
