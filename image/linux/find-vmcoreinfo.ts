/**
 * VMCOREINFO in the memory of the kernel itself: for images that have no note of their own, such as those of hibernation.
 *
 * The kernel keeps the note ready in pages of its own since it booted (kernel/vmcore_info.c:update_vmcoreinfo_note; 6.12). Every stored
 * page is searched for it. What is found counts only when it proves itself: its page tables lead to a system name of the release
 * that it states. So neither a copy of it in some buffer nor a dump of another kernel in the page cache is taken for it.
 */
import { ByteReader, bytesOfText, textOf } from '../bytes.ts';
import { noteHeaderSizeBytes, noteSizeBytes } from '../formats/elf/notes.ts';
import { vmcoreinfoLimitBytes } from '../formats/elf/vmcoreinfo.ts';
import type { ProgressReport } from '../formats/image-format.ts';
import { ImageError } from '../image-error.ts';
import type { MemoryImage } from '../memory-image.ts';
import type { Packer } from '../packer.ts';
import { framesOf, pageBatches } from '../page-batches.ts';
import { addressOf, type PhysicalAddress, pageSizeBytes, physical } from '../pfn.ts';
import { readPhysicalFrom } from '../physical-reader.ts';
import { storedRuns, totalOf } from '../verify-image.ts';
import { kernelFacts } from './kernel-facts.ts';
import { kernelMemory } from './kernel-memory.ts';
import { readUts } from './uts.ts';

export type Searching = { readonly packer: Packer; readonly progress?: ProgressReport };

export type FoundVmcoreinfo = { readonly text: string; readonly address: PhysicalAddress };

export async function findVmcoreinfo(
  memory: MemoryImage,
  { packer, progress }: Searching,
): Promise<FoundVmcoreinfo | undefined> {
  const total = totalOf(memory.runs());
  let done = 0;
  let candidates = 0;
  for await (const { runs, bytes, release } of pageBatches(memory, storedRuns(memory.runs()), packer)) {
    const frames = [...framesOf(runs)];
    for (const offset of namesIn(bytes)) {
      candidates += 1;
      if (candidates > candidateLimit) return undefined;
      const frame = frames[Math.floor(offset / pageSizeBytes)];
      if (frame === undefined) continue;
      const found = provenAt(memory, physical(addressOf(frame) + (offset % pageSizeBytes)));
      if (found !== undefined) return found;
    }
    release?.();
    done += frames.length;
    progress?.({ what: 'looking for VMCOREINFO', done, total });
  }
  return undefined;
}

/** Our own limit: the note is in few places, and an image full of its name is not worth reading on. */
const candidateLimit = 1000;

const name = bytesOfText('VMCOREINFO\0');

/** Where notes of that name may begin: at a word, with the length of the name before it. */
function* namesIn(bytes: Uint8Array): Generator<number> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = buffer.indexOf(name); at >= 0; at = buffer.indexOf(name, at + 1)) {
    const start = at - noteHeaderSizeBytes;
    if (start >= 0 && start % 4 === 0 && buffer.readUInt32LE(start) === name.length) yield start;
  }
}

function provenAt(memory: MemoryImage, address: PhysicalAddress): FoundVmcoreinfo | undefined {
  try {
    const readPhysical = readPhysicalFrom(memory);
    const header = new ByteReader(readPhysical(address, noteHeaderSizeBytes), address);
    const textBytes = header.u32(4);
    if (header.u32(8) !== 0 || textBytes > vmcoreinfoLimitBytes) return undefined;
    const nameSizeBytes = noteSizeBytes(name.length, 0);
    const text = textOf(readPhysical(physical(address + nameSizeBytes), textBytes));
    const facts = kernelFacts(text);
    const { sysname, release } = readUts(kernelMemory(memory, facts));
    return sysname === 'Linux' && release === facts.text('OSRELEASE') ? { text, address } : undefined;
  } catch (error) {
    if (error instanceof ImageError) return undefined;
    throw error;
  }
}
