/**
 * The seam of growth: in a copy of the sources a device, a fault, a law, a variant and a quirk are added, each as one module and one registry line, and
 * are then met everywhere: in help and lists, in the run, in its laws, in the pictures.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rootFolder } from '../architecture/source-files.ts';
import { run } from '../kit/needs.ts';

const folder = mkdtempSync(join(tmpdir(), 'kjump-growth-'));

const device = `import { type DeviceType, deviceRole } from './device-type.ts';

export const soundCard: DeviceType = {
  role: deviceRole('sound-card'),
  about: 'plays, and must fall silent before the jump',
  driver: 'snd_intel8x0',
  device: '0000:00:06.0',
  parentName: 'pci0000:00',
  drivenByDump: false,
  dma: false,
  callbacks: { freeze: { symbol: 'pci_pm_freeze', latency: 'gpu.freeze' }, restore: { symbol: 'pci_pm_restore', latency: 'gpu.restore' } },
  losesWhenOff: 'registers',
};
`;

const fault = `import type { Fault } from './fault.ts';

export const lidCloses: Fault = {
  name: 'lid-closes',
  about: 'somebody closes the lid while the console goes to sleep',
  source: 'a test of how faults are added',
  places: () => ['console.suspend'],
  strike: (box) => {
    box.machine.wakeupPending = true;
  },
};
`;

const law = `import type { Law } from './law.ts';

export const soundCardSleeps: Law = {
  name: 'sound-card-sleeps',
  says: 'the sound card is quiet when A leaves',
  verifies: 'the interrupts of the card at the jump',
  leavesOut: 'the loudspeaker',
  source: 'a test of how laws are added',
  atStep: ({ rules, after, record }) => {
    const left = record.notes.some((note) => note.type === 'jump.left' && note.kernel === 'original');
    const index = rules.plan.devices.findIndex((role) => (role as string) === 'sound-card');
    return left && after.machine.devices[index]?.interrupts ? ['the sound card still interrupts'] : left ? ['looked, and it was quiet'] : [];
  },
};
`;

const variant = `import { speaking } from '../chart.ts';
import { jumpBackStates } from './jump-back-states.ts';
import { operatorContext, operatorEnds, operatorSetup, operatorShape, operatorStart } from './operator-setup.ts';
import type { Variant } from './path.ts';

const operator = speaking(
  operatorSetup.createMachine({
    id: 'kexec-jump-patient',
    context: operatorContext,
    initial: 'idle',
    states: {
      ...operatorStart('loading'),
      ...jumpBackStates({ afterReturn: 'waiting', afterFailure: 'workingOn' }),
      waiting: { meta: { does: 'has a coffee', phase: 'thaw' }, after: { settle: 'settling' } },
      ...operatorEnds,
    },
  }),
);

export const patient: Variant = { name: 'patient', about: 'looks only after a coffee', operator, operatorShape };
`;

const quirk = `import type { Quirk } from './quirk.ts';

export const forgetsToSync: Quirk = {
  name: 'forgets-to-sync',
  of: 'tools',
  about: 'kexec -e does not sync',
  effect: 'what the disk had not been told is lost when the power goes',
  source: 'a test of how quirks are added',
  replaces: (box, command, carryOut) => {
    if (command.type === 'userSpace.sync') box.reply(command.kernel, { type: 'userSpace.synced' });
    else carryOut();
  },
};
`;

/** One module, one import and one entry before the end of the registry's list. */
function add(
  registry: string,
  module: { readonly path: string; readonly name: string; readonly text: string },
  before: RegExp,
): void {
  writeFileSync(join(folder, module.path), module.text);
  const file = join(folder, registry);
  const text = readFileSync(file, 'utf8');
  expect(text).toMatch(before);
  const from = `./${module.path.split('/').at(-1)}`;
  const withEntry = text.replace(before, (found) => found.replace(/,?\s*\]$/, `,\n  ${module.name},\n]`));
  writeFileSync(file, `import { ${module.name} } from '${from}';\n${withEntry}`);
}

function kjump(...argumentList: string[]): {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
} {
  return run(process.execPath, [
    join(rootFolder, 'node_modules/tsx/dist/cli.mjs'),
    join(folder, 'scripts/kjump.ts'),
    ...argumentList,
  ]);
}

type Phases = { readonly phases: readonly { name: string; start: number; end: number }[] };

function lengthOf(json: string, phase: string): number {
  const found = (JSON.parse(json) as Phases).phases.find(({ name }) => name === phase);
  return found === undefined ? 0 : found.end - found.start;
}

beforeAll(() => {
  for (const name of ['image', 'kernels', 'machines', 'scripts', 'package.json', 'tsconfig.json']) {
    cpSync(join(rootFolder, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(rootFolder, 'node_modules'), join(folder, 'node_modules'), 'dir');
  add(
    'kernels/devices/index.ts',
    { path: 'kernels/devices/sound-card.ts', name: 'soundCard', text: device },
    /registered\(\[[^\]]*\]/,
  );
  add(
    'machines/faults/index.ts',
    { path: 'machines/faults/lid-closes.ts', name: 'lidCloses', text: fault },
    /faults: readonly Fault\[\] = \[[^\]]*\]/,
  );
  add(
    'machines/laws/index.ts',
    { path: 'machines/laws/sound-card-sleeps.ts', name: 'soundCardSleeps', text: law },
    /laws: readonly Law\[\] = \[[^\]]*\]/,
  );
  add(
    'machines/paths/kexec-jump.ts',
    { path: 'machines/paths/patient.ts', name: 'patient', text: variant },
    /variants: \[[^\]]*\]/,
  );
  add(
    'machines/quirks/index.ts',
    { path: 'machines/quirks/forgets-to-sync.ts', name: 'forgetsToSync', text: quirk },
    /quirks: readonly Quirk\[\] = \[[^\]]*\]/,
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('one module and one line', () => {
  it('are in the lists', () => {
    const { stdout, status } = kjump('run', '--list');
    expect(status).toBe(0);
    for (const name of ['sound-card', 'lid-closes', 'sound-card-sleeps']) expect(stdout).toContain(name);
  });

  it('add a device that is frozen and restored with the others, and a law that judges it', () => {
    const { stdout, stderr } = kjump('run', '--ram', '256M', '--json');
    expect(stderr).toBe('');
    const result = JSON.parse(stdout);
    expect(result.verdict).toBe('restored');
    expect(result.violations).toEqual([
      expect.objectContaining({ law: 'sound-card-sleeps', text: 'looked, and it was quiet' }),
    ]);
  });

  it('add a fault that strikes where it is told to', () => {
    const { stdout, status } = kjump('run', '--ram', '256M', '--fault', 'lid-closes', '--json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout).verdict).toBe('aborted');
  });

  it('add a variant that is run, drawn and compared', () => {
    expect(kjump('run', '--list').stdout).toContain('patient');
    const { stdout } = kjump('run', '--ram', '256M', '--variant', 'patient', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ variant: 'patient', verdict: 'restored' });
    expect(kjump('visualize', 'chart', 'kexec-jump-patient', '--format', 'text').stdout).toContain(
      'has a coffee',
    );
  });

  it('add a quirk that takes the place of a command', () => {
    expect(kjump('run', '--list').stdout).toContain('forgets-to-sync');
    const { stdout } = kjump('run', '--ram', '256M', '--quirk', 'forgets-to-sync', '--json');
    const without = kjump('run', '--ram', '256M', '--json').stdout;
    expect(JSON.parse(stdout).verdict).toBe('restored');
    expect(lengthOf(stdout, 'freeze')).toBeLessThan(lengthOf(without, 'freeze'));
  });

  it('add a device that the comparison counts and a fault can name', () => {
    const { stdout } = kjump('run', '--ram', '256M', '--fault', 'device-fails@freeze:sound-card', '--json');
    expect(JSON.parse(stdout).verdict).toBe('aborted');
  });
});
