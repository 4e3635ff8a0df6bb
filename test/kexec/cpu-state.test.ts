import { describe, expect, test } from 'vitest';
import {
  cpuStateSizeBytes,
  decodeCpuState,
  encodeCpuState,
  noteRegisterSizeBytes,
  readRegister,
  registerNames,
  withRegister,
} from '../../kernels/kexec/cpu-state.ts';

describe('the register file', () => {
  test('has the 27 registers of a crash note first: 216 bytes, ip at 16 and gs at 26', () => {
    expect(noteRegisterSizeBytes).toBe(216);
    expect(cpuStateSizeBytes).toBe(256);
    expect([registerNames.indexOf('r15'), registerNames.indexOf('ip'), registerNames.indexOf('gs')]).toEqual([
      0, 16, 26,
    ]);
  });

  test('decoding gives back what was encoded, and 0 for what was not named', () => {
    const state = decodeCpuState(encodeCpuState({ ip: 'ffffffff813d2000', cr3: '00000000007e5000' }));
    expect(Object.keys(state)).toEqual([...registerNames]);
    expect(state).toMatchObject({ ip: 'ffffffff813d2000', cr3: '00000000007e5000', ax: '0000000000000000' });
    expect(decodeCpuState(encodeCpuState(state))).toEqual(state);
  });

  test('each register has a place of its own', () => {
    const numbered = registerNames.map(
      (name, index) => [name, index.toString(16).padStart(16, '0')] as const,
    );
    const bytes = encodeCpuState(Object.fromEntries(numbered));
    for (const [name, value] of numbered) expect(readRegister(bytes, name)).toBe(value);
  });

  test('changing a register makes another page', () => {
    const bytes = encodeCpuState({});
    const changed = withRegister(bytes, 'sp', 'ffffc90000123e58');
    expect(readRegister(changed, 'sp')).toBe('ffffc90000123e58');
    expect(readRegister(bytes, 'sp')).toBe('0000000000000000');
    expect(changed.length).toBe(4096);
  });
});
