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
