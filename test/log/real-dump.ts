/** The recorded dump of run b2: an ELF copy of /proc/vmcore, as pages of physical memory. */
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import type { PagePort } from '../../kernels/linux/paged-bytes.ts';
import { pagedBytes } from '../../kernels/linux/paged-bytes.ts';
import { hex64, type Mapping, offsetOf, type RingGeometry } from '../../kernels/linux/printk-layout.ts';
import { needs, run } from '../kit/needs.ts';

type Load = {
  readonly file: number;
  readonly address: bigint;
  readonly physical: number;
  readonly sizeBytes: number;
};

export type RealDump = {
  readonly elf: Uint8Array;
  readonly vmcoreinfo: string;
  readonly port: PagePort;
  /** The direct map and the kernel's own, both over physical memory. */
  readonly mappings: readonly Mapping[];
  readonly log: RingGeometry;
  /** Where in the file a page of physical memory stands: twice for the kernel's own. */
  filePlaces(physical: number): number[];
};

const limitBytes = 2 ** 28;

export function realDump(context: TestContext): RealDump {
  const image = join(needs(context, 'artefacts'), 'images', 'b2-vmcore.elf.zst');
  const elf = run(needs(context, 'zstd'), ['-dc', image], limitBytes).stdoutBytes;
  const loads = loadsOf(elf);
  const mappings = loads.map(({ address, physical, sizeBytes }) => ({
    address: hex64(address),
    offset: physical,
    sizeBytes,
  }));
  const filePlaces = (physical: number): number[] =>
    loads
      .filter((load) => physical >= load.physical && physical < load.physical + load.sizeBytes)
      .map((load) => load.file + physical - load.physical);
  const port = {
    readPage: (index: number) =>
      elf.subarray(filePlaces(index * 4096)[0], Number(filePlaces(index * 4096)[0]) + 4096),
    writePage: () => {
      throw new Error('a recorded dump is not written to');
    },
  };
  const vmcoreinfo = new TextDecoder('latin1').decode(elf.subarray(0x1000, 0x2000));
  const prb = BigInt(`0x${/SYMBOL\(prb\)=([0-9a-f]+)/.exec(vmcoreinfo)?.[1]}`);
  const geometry = { structOffset: 0, mappings };
  const structOffset = offsetOf(geometry, pagedBytes(port).word(offsetOf(geometry, prb)));
  return { elf, vmcoreinfo, port, mappings, log: { structOffset, mappings }, filePlaces };
}

/** Program headers of type PT_LOAD (1): file offset, virtual and physical address, size. */
function loadsOf(elf: Uint8Array): Load[] {
  const view = new DataView(elf.buffer, elf.byteOffset);
  const headers = Array.from({ length: view.getUint16(56, true) }, (_header, index) => 64 + 56 * index);
  return headers
    .filter((at) => view.getUint32(at, true) === 1)
    .map((at) => ({
      file: Number(view.getBigUint64(at + 8, true)),
      address: view.getBigUint64(at + 16, true),
      physical: Number(view.getBigUint64(at + 24, true)),
      sizeBytes: Number(view.getBigUint64(at + 32, true)),
    }));
}
