/** A small memory to make images from: pages of zeros, of text, of patterns and like chance, frames left out, and a hole. */
import type { MemoryImage, MemoryRun } from '../../image/memory-image.ts';
import { type Pfn, pageSizeBytes, pfn, physical } from '../../image/pfn.ts';
import { seededChoices } from '../../machines/system/choices.ts';

const { choose } = seededChoices(2);
const noise = Uint8Array.from({ length: pageSizeBytes }, () => choose(256, 'a byte'));
const text = Buffer.from('PM: hibernation: Creating image: need to copy 7571 pages\n'.repeat(80));

const run = (startPfn: number, count: number, kind: MemoryRun['kind']): MemoryRun => ({
  startPfn: pfn(startPfn),
  count,
  kind,
});

export const sampleMemory: MemoryImage = {
  runs: () => [
    run(1, 9, 'stored'),
    run(10, 3, 'zero'),
    run(13, 2, 'stored'),
    run(40, 5, 'free'),
    run(45, 8, 'stored'),
  ],
  readPage: pageOf,
  cpus: [],
  vmcoreinfo: 'OSRELEASE=6.12.117\nPAGESIZE=4096\n',
  machine: {
    uts: {
      sysname: 'Linux',
      nodename: 'box',
      release: '6.12.117',
      version: '#1',
      machine: 'x86_64',
      domainname: '',
    },
    frameCount: 53,
    reentry: { virtual: 'ffffffff81000000', physical: physical(0x1000), cr3: physical(0x2000) },
    dumpLevel: 16,
    takenAtSeconds: 0,
  },
};

/** The kinds of pages take turns; no two pages are alike. */
function pageOf(frame: Pfn): Uint8Array {
  const page = new Uint8Array(pageSizeBytes);
  if (frame >= 10 && frame < 13) return page;
  if (frame % 3 === 0) page.set(text.subarray(0, pageSizeBytes));
  if (frame % 3 === 1) page.set(noise);
  if (frame % 3 === 2) page.fill(0xcc, 100, 3000);
  page[0] = frame;
  return page;
}
