/**
 * The error for bad input of the commands, options apart (machines/options/option-error.ts) and images apart (image/image-error.ts):
 * files that are not there, folders that are somebody else's, saved runs and lists of picks that do not fit.
 * The message says where, what was expected, what was found and what to do. Codes are a promise to callers; texts are not.
 */
const advice = {
  'file.missing': 'check the path',
  'file.unreadable': 'check what it is, and its rights',
  'file.unwritable': 'check rights and room, or give another path',
  'folder.taken': 'give an empty or a new folder; nothing was written',
  'trace.not-ours': 'give a folder that `kjump run --save` wrote, or the trace.ndjson in it',
  'trace.damaged': 'the file is cut off or was changed; save the run again',
  'picks.malformed': 'give a trace.ndjson, the folder with it, or a JSON list such as [0,2,1]',
  'picks.other-box': 'leave the options out, then those of the saved run are taken',
  'picks.too-short': 'give the --limit that the run was stopped at, or the whole list',
  'picks.too-long': 'the list is of a longer run: of another box, or of another version of this program',
  'memory.misplaced': 'give the --ram that is named, if one is, or another file',
  'memory.too-large': 'give a smaller --ram or a smaller file',
  'memory.wanted': 'give --memory FILE with the file that the run was made with, wherever it lies now',
  'memory.other': 'give the file that the run was made with',
  'picks.misfit': 'the list is of another box, or of another version of this program',
} as const satisfies Record<string, string>;

export type InputErrorCode = keyof typeof advice;

export type InputErrorFacts = { readonly where: string; readonly expected: string; readonly found: string };

export class InputError extends Error {
  readonly code: InputErrorCode;
  readonly facts: InputErrorFacts;

  constructor(code: InputErrorCode, facts: InputErrorFacts) {
    super(`${facts.where}: expected ${facts.expected}, found ${facts.found}; ${advice[code]}`);
    this.name = 'InputError';
    this.code = code;
    this.facts = facts;
  }
}
