/**
 * U2 of linux.md A1.10 with the quirk of 6.12: after a failed prepare or freeze nobody resumes what was frozen. What log e8 shows over
 * five attempts in a row, the box shows with devices of its own; and what can come of it.
 */
import { describe, expect, it } from 'vitest';
import { type Told, tell } from '../kit/story.ts';
import { consoleLine, goldenLines } from '../log/golden-log.ts';

const quirk = { quirks: ['leaves-devices-frozen'] };

/** Of parents and children: the first, the one that fails, the last, as the test driver's three in e8. */
const three = ['disk', 'gpu', 'network-card'] as const;

const fiveFailures = [
  'device-fails@prepare:gpu',
  'device-fails@freeze:gpu',
  'device-fails@freezeLate:gpu',
  'device-fails@freezeNoirq:gpu',
  'syscore-fails@syscore.suspend',
];

describe('log e8', () => {
  it('line by line: five attempts that fail, one after the other, and what the leak of the first two does to the next', () => {
    const told = tell(
      { ...quirk, variant: 'try-again', devices: [...three], pmPrintTimes: true },
      ...fiveFailures,
    );
    const recorded = goldenLines('e8').map((line) => consoleLine(line).text);
    expect(attempts(told.console).slice(0, 5)).toEqual(attempts(recorded).slice(0, 5));
    expect(told.verdict).toBe('restored');
  });

  it('a task that does not freeze ends an attempt as there', () => {
    const told = tell({ work: 40 }, 'unfreezable-task');
    // There the first line has other text before its stamp: ifdown was writing.
    const recorded = goldenLines('e8').map((line) => consoleLine(line).text);
    const failed = (lines: readonly string[]): readonly string[] =>
      lines.slice(lines.findIndex((line) => line.includes('refusing to freeze')));
    expect(failed(told.console.flatMap(inCommonForm))).toEqual(failed(recorded.flatMap(inCommonForm)));
  });
});

describe('the quirk alone', () => {
  it('leaves the devices that were frozen as they are, while user space runs again', () => {
    const told = tell(quirk, 'device-fails@freeze:gpu');
    expect(told.verdict).toBe('aborted');
    expect(stateOfDevices(told)).toMatchInlineSnapshot(`
      [
        "disk: prepared, DMA on",
        "gpu: refused, DMA off",
        "network-card: frozen, DMA off",
      ]
    `);
    expect(told.plotFrom('device.failed')).toMatchInlineSnapshot(`
      [
        "original <- device.failed: kexec.freezing.asking -> running; orders console.resume original, tasks.thaw original; tells operator jump.failed",
        "operator <- jump.failed: jumping -> workingOn",
        "operator <- after settle: workingOn -> aborted",
      ]
    `);
    expect(told.broken).toEqual(['devices-come-back', 'frozen-devices-resume']);
  });

  it('leaves prepared devices prepared: probing stays blocked', () => {
    const told = tell(quirk, 'device-fails@prepare:gpu');
    expect(stateOfDevices(told)).toMatchInlineSnapshot(`
      [
        "disk: prepared, DMA on",
        "gpu: active, DMA off",
        "network-card: active, DMA on",
      ]
    `);
  });

  it('is healed by a later attempt that gets further', () => {
    const told = tell({ ...quirk, variant: 'try-again' }, 'device-fails@freeze:gpu');
    expect(told.verdict).toBe('restored');
    expect(stateOfDevices(told)).toMatchInlineSnapshot(`
      [
        "disk: active, DMA on",
        "gpu: active, DMA off",
        "network-card: active, DMA on",
      ]
    `);
  });

  it('can let the next attempt jump with a card that never stopped: its packets land in the memory that B saves', () => {
    const told = tell({ ...quirk, variant: 'try-again' }, 'device-fails@freeze:network-card');
    expect(told.verdict).toBe('restored');
    expect(told.broken).toEqual(['no-dma-while-quiet', 'image-holds-what-it-should', 'memory-comes-back']);
    const corrected = tell({ variant: 'try-again' }, 'device-fails@freeze:network-card');
    expect(corrected.verdict).toBe('restored');
    expect(corrected.broken).toEqual([]);
  });
});

function stateOfDevices({ world, history }: Told): readonly string[] {
  return history.rules.plan.devices.map((role, index) => {
    const device = world.machine.devices[index];
    const chart = world.actors[`original/${role}`];
    return `${role}: ${String(chart?.value)}, DMA ${device?.dma ? 'on' : 'off'}`;
  });
}

/**
 * Each attempt from the freezer's first line to the tool's last word: the phases, errors, and the callbacks that all three devices have.
 * Devices are named by their place in the chain, callbacks without what belongs to a driver.
 */
function attempts(lines: readonly string[]): readonly (readonly string[])[] {
  const found: string[][] = [];
  for (const line of lines.flatMap(inCommonForm)) {
    if (line === 'Freezing user space processes') found.push([]);
    found.at(-1)?.push(line);
  }
  return found.map((attempt) =>
    attempt.slice(0, attempt.findIndex((line) => line.startsWith('kexec failed')) + 1),
  );
}

const names: Readonly<Record<string, string>> = {
  'labdev labdev.0': 'device 0',
  'labdev labdev.1': 'device 1',
  'labdev labdev.2': 'device 2',
  'ata_piix 0000:00:01.1': 'device 0',
  'bochs-drm 0000:00:02.0': 'device 1',
  'virtio-pci 0000:00:03.0': 'device 2',
};

function inCommonForm(line: string): readonly string[] {
  const [, device = '', rest = ''] = /^(\S+ \S+): PM: (.*)$/.exec(line) ?? [];
  const name = names[device];
  if (name !== undefined) return callbackForm(rest).map((text) => `${name}: ${text}`);
  if (
    !/^(Freezing|OOM|Restarting|Disabling|Enabling|smpboot: (CPU \d|Booting)|CPU\d|PM: System|task:|kexec failed)/.test(
      line,
    )
  )
    return [];
  return [
    line
      .replace(/(elapsed|after) \d+\.\d{3} seconds/, '$1 S seconds')
      .replace(/^(Restarting tasks \.\.\.).*/, '$1 done.')
      .replace(/callback \S+( \[labdev\])? failed/, 'callback C failed')
      .replace(/^(task:).*(state:\w).*/, '$1 $2'),
  ];
}

/** The test driver has callbacks that PCI devices have not: late and early ones are compared only where they fail. */
function callbackForm(text: string): readonly string[] {
  const family = /(freeze|thaw|restore)(_noirq|_late|_early)?/.exec(text)?.[0] ?? text;
  if (/^calling|returned 0/.test(text)) {
    if (/_late|_early/.test(family)) return [];
    return text.startsWith('calling') ? [`calling ${family}`] : [`${family} returned 0`];
  }
  return [
    text.replace(/\(\): \S+( \[labdev\])?/, '(): C').replace(/^\S+( \[labdev\])? (returned -16).*/, 'C $2'),
  ];
}
