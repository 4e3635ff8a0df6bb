/** Forecasts of damaged images, and damaged logs: whatever the bytes are, there is an answer or an ImageError. */
import { machineOf } from '../../image/forecast/machine.ts';
import { readMachineLog } from '../../image/forecast/machine-log.ts';
import { resumeForecast } from '../../image/forecast/resume-forecast.ts';
import { lastAttempt, readMeminfo } from '../../image/forecast/save-attempt.ts';
import { snapshotStream } from '../../image/formats/snapshot-stream/index.ts';
import { swsusp } from '../../image/formats/swsusp/index.ts';
import { sourceOf } from '../../image/sink.ts';
import { codecsOf, sampleImage, writableFormats } from './format-targets.ts';
import type { FuzzTarget } from './fuzz-target.ts';

const log = `[    0.000000] Linux version 6.12.117-lab (root@vm) (gcc)
[    0.000000] Command line: console=ttyS0 resume=/dev/vda
[    0.000000] BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff] usable
[    0.000000] BIOS-e820: [mem 0x0000000000100000-0x0000000009fdcfff] usable
[    0.027321]   DMA32    [mem 0x0000000000001000-0x0000000009fdcfff]
[    0.027434]   node   0: [mem 0x0000000000001000-0x000000000009efff]
[    0.431210] Memory: 134788K/163308K available (6144K kernel code)
[    3.978500] PM: hibernation: hibernation entry
[    4.127378] PM: hibernation: Image created (7766 pages copied, 2091 zero pages)
MemFree:          123372 kB
`;

/** Without what it does not know, a machine refuses nothing before the pages. */
const anyMachine = machineOf({});

/** What a kernel may resume from. */
const hibernationImages = writableFormats.filter((format) => format === swsusp || format === snapshotStream);

export const forecastTargets: readonly FuzzTarget[] = [
  ...hibernationImages.map(
    (format): FuzzTarget => ({
      name: `forecast-${format.name}`,
      seeds: () => Promise.all(codecsOf(format).map((codec) => sampleImage(format, codec))),
      run: (bytes) => {
        resumeForecast(sourceOf(bytes), anyMachine);
      },
    }),
  ),
  {
    name: 'forecast-log',
    seeds: async () => [new TextEncoder().encode(log)],
    run: (bytes) => {
      const text = new TextDecoder('latin1').decode(bytes);
      lastAttempt(text);
      readMeminfo(text);
      machineOf({ log: readMachineLog(text) });
    },
  },
];
