/**
 * An image with what its own memory tells of its kernel: VMCOREINFO, names, where memory is mapped, registers. What cannot be found
 * is said, one sentence each. Images that have it all, and images of other things, come back as they are.
 */
import { hex, ImageError } from '../image-error.ts';
import type { MachineFacts, MemoryImage } from '../memory-image.ts';
import { readAddressMap } from './address-map.ts';
import { findVmcoreinfo, type Searching } from './find-vmcoreinfo.ts';
import { kernelFacts } from './kernel-facts.ts';
import { type KernelMemory, kernelMemory } from './kernel-memory.ts';
import { savedContext } from './saved-context.ts';
import { readUts } from './uts.ts';

export type KnownMemory = {
  readonly memory: MemoryImage;
  /** Undefined without VMCOREINFO. */
  readonly kernel: KernelMemory | undefined;
  /** What was found in the memory, and what was not. */
  readonly notes: readonly string[];
};

export async function knownMemory(memory: MemoryImage, searching: Searching): Promise<KnownMemory> {
  const found = memory.vmcoreinfo === undefined ? await findVmcoreinfo(memory, searching) : undefined;
  const vmcoreinfo = memory.vmcoreinfo ?? found?.text;
  if (vmcoreinfo === undefined) {
    return { memory, kernel: undefined, notes: ['no VMCOREINFO is in the image or in the saved memory'] };
  }
  const notes =
    found === undefined ? [] : [`VMCOREINFO was found in the saved memory at ${hex(found.address)}`];
  const kernel = triedKernel(memory, vmcoreinfo);
  if (kernel === undefined) {
    return {
      memory: { ...memory, vmcoreinfo },
      kernel,
      notes: [...notes, 'VMCOREINFO does not say where the page tables are'],
    };
  }
  const registers = memory.cpus.length > 0 ? memory.cpus : cpusOf(kernel, memory.machine, notes);
  return {
    memory: { ...memory, vmcoreinfo, cpus: registers, machine: machineOf(kernel, memory.machine, notes) },
    kernel,
    notes,
  };
}

function triedKernel(memory: MemoryImage, vmcoreinfo: string): KernelMemory | undefined {
  try {
    return kernelMemory(memory, kernelFacts(vmcoreinfo));
  } catch (error) {
    if (error instanceof ImageError) return undefined;
    throw error;
  }
}

function cpusOf(kernel: KernelMemory, { reentry }: MachineFacts, notes: string[]): MemoryImage['cpus'] {
  const context = savedContext(kernel, reentry);
  if (context === undefined) {
    notes.push('the registers were not found: no note of them, and no saved context');
    return [];
  }
  notes.push('the registers are those of the saved context, one frame up; other processors were off');
  return [context];
}

function machineOf(kernel: KernelMemory, machine: MachineFacts, notes: string[]): MachineFacts {
  const uts = machine.uts ?? triedUts(kernel);
  const addressMap = machine.addressMap ?? readAddressMap(kernel);
  if (uts === undefined) notes.push('the names of the machine (init_uts_ns) were not found');
  if (addressMap === undefined) notes.push('the page tables were not found whole');
  return { ...machine, ...(uts !== undefined && { uts }), ...(addressMap !== undefined && { addressMap }) };
}

function triedUts(kernel: KernelMemory): MachineFacts['uts'] {
  try {
    return readUts(kernel);
  } catch (error) {
    if (error instanceof ImageError) return undefined;
    throw error;
  }
}
