/** Error codes of dumps, and of what is read out of the memory in them (image-error.ts). */
import { copyAgain, type ErrorTemplate } from './error-template.ts';

export const dumpCodes = {
  'elf.no-magic': {
    what: 'this is no ELF file',
    place: 'offset',
    advice: 'ask `image info` which format it is',
  },
  'elf.wrong-field': {
    what: 'this ELF file is no memory dump of an x86-64 machine',
    place: 'offset',
    advice: 'only ELF64 little-endian core files of x86-64 are read',
  },
  'elf.too-many-headers': {
    what: 'there are too many program headers',
    place: 'offset',
    advice: 'such files are not supported; write the dump with fewer memory ranges',
  },
  'elf.notes-too-large': {
    what: 'the notes are too large',
    place: 'offset',
    advice: 'the note segment is damaged',
  },
  'note.damaged': { what: 'a note runs past its segment', place: 'offset', advice: copyAgain },
  'prstatus.wrong-size': {
    what: 'a register note has the wrong size',
    place: 'offset',
    advice: 'only x86-64 register notes are read',
  },
  'vmcoreinfo.bad-line': {
    what: 'a VMCOREINFO line is not KEY=VALUE',
    place: 'line',
    advice: 'the note is damaged',
  },
  'vmcoreinfo.too-long': {
    what: 'the VMCOREINFO text is too long',
    place: 'offset',
    advice: 'leave keys out',
  },
  'kdump.no-magic': {
    what: 'this is no kdump-compressed file',
    place: 'offset',
    advice: 'ask `image info` which format it is',
  },
  'kdump.unsupported': {
    what: 'this kdump-compressed file is of a kind that is not read',
    place: 'offset',
    advice: 'only dumps of x86-64 with pages of 4096 bytes are read',
  },
  'kdump.bad-header': {
    what: 'a header of the dump contradicts itself',
    place: 'offset',
    advice: copyAgain,
  },
  'kdump.bad-descriptor': {
    what: 'the descriptor of a page is damaged',
    place: 'physical address',
    advice: 'the page is lost; `image convert --salvage` goes on without it',
  },
  'kdump.damaged-page': {
    what: 'the data of a page is damaged',
    place: 'physical address',
    advice: 'the page is lost; `image convert --salvage` goes on without it',
  },
  'kdump.parts-differ': {
    what: 'these files are not parts of one dump',
    place: 'offset',
    advice: 'give all parts that `makedumpfile --split` wrote in one go, and nothing else',
  },
  'flat.bad-header': {
    what: 'this flattened file has an unknown header',
    place: 'offset',
    advice: 'only type 1, version 1 is known, as makedumpfile -F writes it',
  },
  'flat.bad-record': {
    what: 'a record of the flattened file is damaged',
    place: 'offset',
    advice: copyAgain,
  },
  'flat.unknown-inside': {
    what: 'what the flattened file holds is no dump that is read',
    place: 'offset',
    advice: copyAgain,
  },
  'kernel.missing-fact': {
    what: 'VMCOREINFO does not say what is needed here',
    place: 'line',
    advice: 'the kernel is too old or the note damaged; without that line only whole pages can be read',
  },
  'kernel.unmapped': {
    what: 'a kernel address is not mapped',
    place: 'physical address',
    advice: 'the page tables are damaged, not in the image, or of another kernel than VMCOREINFO',
  },
  'kernel.not-found': {
    what: 'no VMCOREINFO is in the image, and none in the saved memory',
    place: 'physical address',
    advice:
      'only whole pages can be read; the kernel needs CONFIG_VMCORE_INFO (CONFIG_CRASH_CORE before 6.9)',
  },
  'log.damaged': {
    what: "the kernel's log is damaged",
    place: 'offset',
    advice: 'read the range of memory instead',
  },
} as const satisfies Record<string, ErrorTemplate>;
