/** Error codes of the partition that kernel B saves to (image-error.ts). */
import type { ErrorTemplate } from './error-template.ts';

export const savedCodes = {
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
} as const satisfies Record<string, ErrorTemplate>;
