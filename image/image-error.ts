/**
 * The one error for bad input: bytes, files and texts that are not what their format says.
 *
 * The message says where, what was expected, what was found and what to do. Codes are a promise to callers; texts are not.
 * Never thrown for failures of the emulated machine (those are replies).
 */

type Place = 'offset' | 'physical address' | 'block' | 'line';
type Template = { readonly what: string; readonly place: Place; readonly advice: string };

const copyAgain = 'check that the file was copied whole';

const templates = {
  'bytes.out-of-range': { what: 'the bytes end too early', place: 'offset', advice: copyAgain },
  'bytes.too-large': {
    what: 'a 64-bit value is beyond 2^53, more than any file or memory has',
    place: 'offset',
    advice:
      'the field is damaged, or the tool that wrote it made a mistake (kexec-tools can write such sizes)',
  },
  'bytes.bad-value': {
    what: 'a value does not fit its field',
    place: 'offset',
    advice: 'give a value within the field',
  },
  'source.read-too-large': {
    what: 'one read asks for too much',
    place: 'offset',
    advice: 'read in smaller pieces',
  },
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
  'memory.not-in-image': {
    what: 'this memory is not in the image',
    place: 'physical address',
    advice: 'ask only for addresses within the load segments (`readelf -l` lists them)',
  },
  'memory.lost-page': {
    what: 'a page of the image is damaged',
    place: 'physical address',
    advice: '`image convert --salvage` goes on without what is lost, and says what that was',
  },
  'format.no-such-codec': {
    what: 'this format has no such codec',
    place: 'offset',
    advice: 'ask `image --list` which codecs there are',
  },
  'run.misplaced': {
    what: 'a run of blocks is not where it belongs',
    place: 'block',
    advice: 'give whole blocks of 4096 bytes in ascending order, within what was asked for',
  },
  'saved.no-commit': {
    what: 'nothing is saved here: there is no commit sector',
    place: 'offset',
    advice: 'save first; if a save was under way, it did not finish, and its data is not to be used',
  },
  'saved.damaged-commit': {
    what: 'the commit sector is damaged',
    place: 'offset',
    advice: 'the saved image is not to be used; save again',
  },
  'saved.unsupported-version': {
    what: 'the commit sector has a version that this program does not know',
    place: 'offset',
    advice: 'read it with the program that wrote it',
  },
  'saved.consumed': {
    what: 'the saved image was already loaded and is not to be loaded again',
    place: 'offset',
    advice: 'the machine ran on since then; save again',
  },
  'saved.damaged-map': {
    what: 'the map of saved blocks is damaged',
    place: 'offset',
    advice: 'the saved image is not to be used; save again',
  },
  'saved.too-many-runs': {
    what: 'the map has too many runs of saved blocks',
    place: 'offset',
    advice: 'save zero blocks between short runs as data, so that runs join',
  },
  'saved.damaged-data': {
    what: 'the saved blocks are not those that were committed',
    place: 'offset',
    advice: 'the saved image is not to be used; save again',
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
  'codec.ends-early': {
    what: 'packed bytes end too early',
    place: 'offset',
    advice: copyAgain,
  },
  'codec.too-long': {
    what: 'packed bytes unpack to more than fits',
    place: 'offset',
    advice: 'the bytes are damaged, or were packed by another codec than is said',
  },
  'codec.too-far-back': {
    what: 'packed bytes repeat what was never unpacked',
    place: 'offset',
    advice: 'the bytes are damaged, or were packed by another codec than is said',
  },
  'codec.trailing-bytes': {
    what: 'packed bytes go on behind their end',
    place: 'offset',
    advice: 'the length of the packed bytes is damaged',
  },
  'codec.damaged': {
    what: 'packed bytes are not what their codec writes',
    place: 'offset',
    advice: 'the bytes are damaged, or were packed by another codec than is said',
  },
  'codec.unsupported': {
    what: 'packed bytes are of a kind that is not read',
    place: 'offset',
    advice: 'unpack them with the tool that wrote them',
  },
  'codec.no-room': {
    what: 'there is too little room for what is packed',
    place: 'offset',
    advice: 'give a buffer of `worstCaseBytes`',
  },
  'snapshot.no-info': {
    what: 'this is no snapshot of an x86-64 kernel',
    place: 'offset',
    advice: 'if the snapshot begins further on, say where (`--offset`); kernels before 5.8 are not read',
  },
  'snapshot.bad-counts': {
    what: 'the numbers of pages of the snapshot contradict each other',
    place: 'offset',
    advice: 'the image is damaged; no page of it can be told from another',
  },
  'snapshot.bad-frame': {
    what: 'the list of frames is damaged',
    place: 'offset',
    advice: 'the image is damaged; no page behind that entry can be told from another',
  },
  'swsusp.no-image': {
    what: 'this swap area holds no hibernation image of the kernel',
    place: 'offset',
    advice:
      'for a swap file, say where its header page is (`--offset`); `image convert --salvage` passes over a damaged signature',
  },
  'swsusp.beyond-device': {
    what: 'the map of the image leads beyond the end of the device',
    place: 'offset',
    advice: 'give the whole device: page numbers count from its start, also for a swap file',
  },
  'swsusp.map-loop': {
    what: 'the map of the image leads back into itself',
    place: 'offset',
    advice: 'the image is damaged; Linux would read it without end',
  },
  'swsusp.ends-early': {
    what: 'the image ends before all its pages are there',
    place: 'offset',
    advice: copyAgain,
  },
  'swsusp.bad-unit': {
    what: 'a packed unit of the image is damaged',
    place: 'offset',
    advice: 'its pages are lost; `image convert --salvage` goes on without them',
  },
  'swsusp.no-room': {
    what: 'the image does not fit into the swap area',
    place: 'offset',
    advice: 'give a larger area (`--set swap-pages=`), or another codec',
  },
  'write.bad-setting': {
    what: 'a setting cannot be used',
    place: 'offset',
    advice: '`image --list` names the settings of each format',
  },
  'dmesg.no-boot': {
    what: "this is no kernel's log",
    place: 'line',
    advice: 'give the output of `dmesg`, or of a serial console, from the first line of the boot on',
  },
  'dmesg.bad-map': {
    what: 'a line of the memory map cannot be read',
    place: 'line',
    advice: 'give the log as the kernel printed it; a changed line would give a wrong checksum',
  },
  'format.unknown': {
    what: 'no known format begins like this',
    place: 'offset',
    advice: 'ask `image --list` which formats are known',
  },
} as const satisfies Record<string, Template>;

export type ImageErrorCode = keyof typeof templates;
export type ImageErrorFacts = {
  /** In the unit that the code names: a byte offset unless its message says line, block or physical address. */
  readonly offset: number;
  readonly expected: string;
  readonly found: string;
};

const isAddress = {
  offset: true,
  'physical address': true,
  block: false,
  line: false,
} as const satisfies Record<Place, boolean>;

export class ImageError extends Error {
  readonly code: ImageErrorCode;
  readonly facts: ImageErrorFacts;

  constructor(code: ImageErrorCode, facts: ImageErrorFacts) {
    const { what, place, advice } = templates[code];
    const where = `${place} ${isAddress[place] ? hex(facts.offset) : facts.offset}`;
    super(`${what}: at ${where} expected ${facts.expected}, found ${facts.found}; ${advice}`);
    this.name = 'ImageError';
    this.code = code;
    this.facts = facts;
  }
}

export const hex = (value: number): string =>
  value < 0 ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
