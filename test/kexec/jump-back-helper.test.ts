import { describe, expect, test } from 'vitest';
import { pfn, physical } from '../../image/pfn.ts';
import { defectNames, defectsOf, defectTable, shippedDefects } from '../../kernels/kexec/defects.ts';
import { planJumpBack } from '../../kernels/kexec/jump-back-helper.ts';
import { planEntries } from '../../kernels/kexec/plan-entries.ts';
import {
  execFailedExit,
  execReturnedExit,
  helperFailedExit,
  toolExits,
  unloadFailedExit,
} from '../../kernels/kexec/tool-messages.ts';

const entry = physical(0x50000f2);
const corrected = { entry, isLoaded: false, defects: defectsOf() };

describe('the jump-back helper', () => {
  test('corrected, loads one real page in the same 2 MiB as the control page, and not that page itself', () => {
    expect(planJumpBack(corrected)).toEqual({
      type: 'tool.planned',
      request: {
        entry,
        segments: [{ bufferSizeBytes: 4096, memoryStart: 0x5001000, memorySizeBytes: 4096 }],
        flags: 0x3e0002,
      },
      copiedFrame: 0x5001,
    });
    for (let frame = 0; frame < 1024; frame += 1) {
      const answer = planJumpBack({ ...corrected, entry: physical(frame * 4096 + 0xf2) });
      const copied = answer.type === 'tool.planned' ? (answer.copiedFrame ?? frame) : frame;
      expect(copied).not.toBe(frame);
      expect(Math.floor(copied / 512)).toBe(Math.floor(frame / 512));
    }
  });

  test("the lab's own loader has one empty segment at 0x1000, whatever is wrong with kexec", () => {
    for (const defects of [defectsOf(), shippedDefects]) {
      expect(planJumpBack({ ...corrected, defects, wayBack: 'empty-page' })).toMatchObject({
        request: { segments: [{ memoryStart: 0x1000, memorySizeBytes: 0 }] },
        copiedFrame: null,
      });
    }
  });

  test('the loader of the other lab has one real page, whatever is wrong with kexec', () => {
    expect(planJumpBack({ ...corrected, defects: shippedDefects, wayBack: 'real-page' })).toEqual(
      planJumpBack(corrected),
    );
  });

  test('with controlPageUnmapped, loads one empty segment at 0x1000, as in log a1', () => {
    expect(planJumpBack({ ...corrected, defects: defectsOf('controlPageUnmapped') })).toMatchObject({
      request: { segments: [{ memoryStart: 0x1000, memorySizeBytes: 0 }] },
      copiedFrame: null,
    });
  });

  test('as shipped, loads one empty segment at 0, for which no control page can be found [logs a0, a0b]', () => {
    const answer = planJumpBack({ ...corrected, defects: shippedDefects });
    if (answer.type !== 'tool.planned') throw new Error('planned');
    let next = 0x100;
    const plan = planEntries(answer.request.segments, () => (next < 0x200 ? pfn(next++) : undefined));
    expect(plan).toMatchObject({ errno: 'ENOMEM', line: 'kexec: Could not allocate control_code_buffer' });
    expect(helperFailedExit('ENOMEM')).toEqual({
      lines: ['load jump back kernel failed: Cannot allocate memory'],
      exitStatus: 255,
    });
  });

  test('refuses when an image is loaded, and without an entry [log e8]', () => {
    expect(planJumpBack({ ...corrected, isLoaded: true })).toEqual({
      type: 'tool.stopped',
      exit: {
        lines: ['There is kexec kernel loaded, make sure you are in kexeced kernel.'],
        exitStatus: 255,
      },
    });
    expect(planJumpBack({ ...corrected, entry: null })).toEqual({
      type: 'tool.stopped',
      exit: { lines: ['Please specify jump back entry in command line'], exitStatus: 255 },
    });
  });
});

describe('kexec -e and -u', () => {
  test('say nothing after a round trip; as shipped, they report a failure that was none [logs a1, a2, a3, a9]', () => {
    expect(execReturnedExit(defectsOf())).toEqual({ lines: [], exitStatus: 0 });
    expect(execReturnedExit(shippedDefects)).toEqual({
      lines: ['kexec failed: Bad file descriptor'],
      exitStatus: 255,
    });
    expect(execReturnedExit(shippedDefects, 'EAGAIN').lines).toEqual([
      'kexec failed: Resource temporarily unavailable',
    ]);
  });

  test('name a jump that was given up, nothing loaded, and an unload that is not allowed [log e8]', () => {
    expect(execFailedExit('EBUSY')).toEqual({
      lines: ['kexec failed: Device or resource busy'],
      exitStatus: 255,
    });
    expect(toolExits.nothingLoaded).toEqual({ lines: ['Nothing has been loaded!'], exitStatus: 1 });
    expect(unloadFailedExit('EPERM')).toEqual({
      lines: ['kexec unload failed: Operation not permitted'],
      exitStatus: 255,
    });
  });
});

describe('the defects', () => {
  test('are rows 1 to 8 of linux.md A1.8, each with its source', () => {
    expect(defectNames.map((name) => defectTable[name].row)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    for (const name of defectNames) expect(defectTable[name].source).toMatch(/^\[[SL]/);
  });

  test('are off unless named', () => {
    expect(Object.values(defectsOf())).toEqual(Array(8).fill(false));
    expect(defectsOf('noVmcore')).toMatchObject({ noVmcore: true, bSeesAllMemory: false });
    expect(Object.values(shippedDefects)).toEqual(Array(8).fill(true));
  });
});
