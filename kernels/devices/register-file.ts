/**
 * The registers of a device as the bytes of one page. The layout is ours; a real device has its own, and no two are alike.
 *
 *   0x000  "REGISTER FILE   "  16 bytes
 *   0x010  role, ASCII, padded with zeros, 32 bytes
 *   0x030  who set it up ("nobody" after power-on), ASCII, padded with zeros, 16 bytes
 *   0x040  command register, 16 bits: 0x2 decodes memory, 0x4 is bus master, as in PCI Local Bus 3.0, 6.2.2
 *   0x080  values that its driver wrote: a pattern that role and owner decide
 *   0x800  what a display shows, else zero
 *
 * One device has one such page for each owner, so a box knows few of them, and equal registers are equal contents.
 * The command register tells whether the owner lets the device master the bus: a driver that restores it lets DMA go on again.
 */
import { pageSizeBytes } from '../../image/pfn.ts';
import { assert } from '../assert.ts';
import { type DeviceRecord, kernelNames } from '../machine.ts';
import type { ContentId, Contents, Decoder } from '../memory/contents.ts';
import type { DeviceType, SetUpBy } from './device-type.ts';

export type RegisterFile = { readonly role: string; readonly setUpBy: SetUpBy; readonly dma: boolean };

const magic = 'REGISTER FILE   ';
const roleAt = { offset: 0x10, sizeBytes: 32 };
const ownerAt = { offset: 0x30, sizeBytes: 16 };
const commandOffset = 0x40;
const valuesOffset = 0x80;
const screenOffset = 0x800;
const decodesMemory = 0x2;
const mastersBus = 0x4;

const owners = ['nobody', 'firmware', ...kernelNames] as const satisfies readonly SetUpBy[];

/** The registers as this owner sets them up. Firmware and power-on leave the bus to others. */
export const registersFor = (contents: Contents, type: DeviceType, setUpBy: SetUpBy): ContentId =>
  contents.intern(encodeRegisterFile(type, setUpBy));

/** Undefined when the page holds no registers: never written, or overwritten by something else. */
export const registerFile: Decoder<RegisterFile | undefined> = {
  name: 'register file',
  decode(bytes) {
    if (textAt(bytes, { offset: 0, sizeBytes: magic.length }) !== magic) return undefined;
    const name = textAt(bytes, ownerAt);
    const setUpBy = owners.find((owner) => owner === name);
    if (setUpBy === undefined) return undefined;
    const command = new DataView(bytes.buffer, bytes.byteOffset).getUint16(commandOffset, true);
    return { role: textAt(bytes, roleAt), setUpBy, dma: (command & mastersBus) !== 0 };
  },
};

// Records hold plain numbers, so that they can be packed; the shape says that this one is a content.
export const registersOf = (device: DeviceRecord): ContentId => device.registers as ContentId;

function encodeRegisterFile(type: DeviceType, setUpBy: SetUpBy): Uint8Array {
  const page = new Uint8Array(pageSizeBytes);
  const isDriven = kernelNames.some((kernel) => kernel === setUpBy);
  const command = decodesMemory | (type.dma && isDriven ? mastersBus : 0);
  writeText(page, { offset: 0, sizeBytes: magic.length }, magic);
  writeText(page, roleAt, type.role);
  writeText(page, ownerAt, setUpBy);
  const words = new DataView(page.buffer);
  words.setUint16(commandOffset, command, true);
  writeValues(words, `${type.role} ${setUpBy}`);
  type.hooks?.paint?.(page.subarray(screenOffset), setUpBy);
  return page;
}

/** 32-bit FNV-1a of the text as the start of xorshift32 (Marsaglia 2003, shifts 13, 17, 5): different texts, different values. */
function writeValues(words: DataView, text: string): void {
  let value = 0x811c9dc5;
  for (const letter of text) value = Math.imul(value ^ letter.charCodeAt(0), 0x01000193);
  for (let offset = valuesOffset; offset < screenOffset; offset += 4) {
    value ^= value << 13;
    value ^= value >>> 17;
    value ^= value << 5;
    words.setInt32(offset, value, true);
  }
}

type Place = { readonly offset: number; readonly sizeBytes: number };

function writeText(page: Uint8Array, place: Place, text: string): void {
  assert(text.length <= place.sizeBytes, `register file: "${text}" is longer than ${place.sizeBytes} bytes`);
  for (let index = 0; index < text.length; index++) page[place.offset + index] = text.charCodeAt(index);
}

function textAt(page: Uint8Array, place: Place): string {
  const bytes = page.subarray(place.offset, place.offset + place.sizeBytes);
  const end = bytes.indexOf(0);
  return String.fromCharCode(...(end < 0 ? bytes : bytes.subarray(0, end)));
}
