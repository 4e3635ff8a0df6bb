import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeNotes, encodeNote } from '../../image/formats/elf/notes.ts';
import {
  crashNoteBuffer,
  decodePrstatus,
  prstatusNote,
  registerNames,
  registerOf,
} from '../../image/formats/elf/prstatus.ts';
import {
  decodeVmcoreinfo,
  encodeVmcoreinfo,
  vmcoreinfoBuffer,
  vmcoreinfoNote,
  vmcoreinfoValue,
} from '../../image/formats/elf/vmcoreinfo.ts';
import { ImageError } from '../../image/image-error.ts';
import { countingRegisters } from './sample-dump.ts';

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('a note', () => {
  it('is sizes, type, padded name, padded descriptor', () => {
    expect(
      hexOf(encodeNote({ name: 'VMCOREINFO', type: 0, descriptor: Uint8Array.of(0x41, 0x3d, 0x31) })),
    ).toBe(
      [
        '0b000000', // name size, 10 characters and NUL
        '03000000', // descriptor size, unpadded
        '00000000', // type
        '564d434f5245494e464f0000', // name, padded to 12
        '413d3100', // descriptor, padded to 4
      ].join(''),
    );
  });

  it('comes back as it was, several in a row', () => {
    const name = fc.stringMatching(/^[A-Z]{1,20}$/);
    const note = fc.record({ name, type: fc.nat(), descriptor: fc.uint8Array({ maxLength: 40 }) });
    fc.assert(
      fc.property(fc.array(note, { maxLength: 5 }), (notes) => {
        expect(decodeNotes(Buffer.concat(notes.map(encodeNote)))).toEqual(notes);
      }),
    );
  });

  it('cut anywhere is an ImageError or a shorter list, never anything else', () => {
    const bytes = encodeNote(prstatusNote({ pid: 1, registers: countingRegisters(0) }));
    for (let length = 1; length < bytes.length; length++) {
      expect(() => decodeNotes(bytes.subarray(0, length))).toThrow(ImageError);
    }
    expect(decodeNotes(new Uint8Array())).toEqual([]);
  });

  it('after the end mark is not read', () => {
    const note = prstatusNote({ pid: 1, registers: countingRegisters(0) });
    const bytes = Buffer.concat([encodeNote(note), new Uint8Array(12), encodeNote(note)]);
    expect(decodeNotes(bytes)).toHaveLength(1);
  });
});

describe('the registers of a CPU', () => {
  it('take a buffer of 368 bytes with the end mark, as in the recorded dump', () => {
    const buffer = crashNoteBuffer({ pid: 0x1234, registers: countingRegisters(0x10) });
    expect(buffer).toHaveLength(0x170);
    expect(hexOf(buffer.subarray(0, 20))).toBe('050000005001000001000000434f524500000000');
    expect(hexOf(buffer.subarray(20 + 32, 20 + 36))).toBe('34120000');
    expect(hexOf(buffer.subarray(20 + 112, 20 + 116))).toBe('10111213');
    expect(hexOf(buffer.subarray(356))).toBe('00'.repeat(12));
  });

  it('are 27, in the order of struct user_regs_struct', () => {
    expect(registerNames).toHaveLength(27);
    const { registers } = decodePrstatus(prstatusNote({ pid: 0, registers: countingRegisters(0) }));
    expect(registerOf(registers, 'r15')).toBe('0706050403020100');
    expect(registerOf(registers, 'ip')).toBe('8786858483828180');
    expect(registerOf(registers, 'gs')).toBe('d7d6d5d4d3d2d1d0');
  });
});

describe('VMCOREINFO', () => {
  it('is lines of KEY=VALUE in their order', () => {
    const pairs = decodeVmcoreinfo('OSRELEASE=6.12.117\nSYMBOL(_stext)=ffffffff81000000\nA=b=c\nEMPTY=\n');
    expect(pairs).toEqual([
      ['OSRELEASE', '6.12.117'],
      ['SYMBOL(_stext)', 'ffffffff81000000'],
      ['A', 'b=c'],
      ['EMPTY', ''],
    ]);
    expect(vmcoreinfoValue(pairs, 'A')).toBe('b=c');
    expect(vmcoreinfoValue(pairs, 'a')).toBeUndefined();
  });

  it('comes back as it was', () => {
    const key = fc.stringMatching(/^[A-Z()_.a-z0-9]{1,30}$/);
    const value = fc.stringMatching(/^[ -~]{0,30}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(key, value), { maxLength: 20 }), (pairs) => {
        expect(decodeVmcoreinfo(encodeVmcoreinfo(pairs))).toEqual(pairs);
      }),
    );
  });

  it('may end without a newline', () => {
    expect(decodeVmcoreinfo('A=1\nB=2')).toEqual([
      ['A', '1'],
      ['B', '2'],
    ]);
  });

  it('takes a buffer of 0x1024 bytes, and 4096 bytes of text fill it up to the end mark', () => {
    const longest: [string, string][] = [['A', 'x'.repeat(4096 - 3)]];
    expect(vmcoreinfoBuffer(longest)).toHaveLength(0x1024);
    expect(vmcoreinfoNote(longest).descriptor).toHaveLength(4096);
    expect(() => encodeVmcoreinfo([['A', 'x'.repeat(4096 - 2)]])).toThrow('the VMCOREINFO text is too long');
  });

  it('refuses what would not come back', () => {
    for (const pair of [
      ['', 'x'],
      ['A=B', 'x'],
      ['A', 'x\ny'],
      ['A\n', 'x'],
    ] as const) {
      expect(() => encodeVmcoreinfo([pair])).toThrow('a VMCOREINFO line is not KEY=VALUE');
    }
    expect(() => decodeVmcoreinfo('A=1\nB\n')).toThrow('at line 2 expected KEY=VALUE, found "B"');
  });
});
