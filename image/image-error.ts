/**
 * The one error for bad input: bytes, files and texts that are not what their format says.
 *
 * The message says where, what was expected, what was found and what to do. Codes are a promise to callers; texts are not.
 * Never thrown for failures of the emulated machine (those are replies).
 */

import { codecCodes } from './error-codes/codec-codes.ts';
import { dumpCodes } from './error-codes/dump-codes.ts';
import { copyAgain, type ErrorPlace, type ErrorTemplate } from './error-codes/error-template.ts';
import { hibernationCodes } from './error-codes/hibernation-codes.ts';
import { savedCodes } from './error-codes/saved-codes.ts';

/** What any format may find; what only some find stands in tables of their own. */
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
  'write.bad-setting': {
    what: 'a setting cannot be used',
    place: 'offset',
    advice: '`image --list` names the settings of each format',
  },
  'format.unknown': {
    what: 'no known format begins like this',
    place: 'offset',
    advice: 'ask `image --list` which formats are known',
  },
  ...savedCodes,
  ...dumpCodes,
  ...codecCodes,
  ...hibernationCodes,
} as const satisfies Record<string, ErrorTemplate>;

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
} as const satisfies Record<ErrorPlace, boolean>;

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
