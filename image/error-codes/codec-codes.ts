/** Error codes of codecs (image-error.ts). */
import { copyAgain, type ErrorTemplate } from './error-template.ts';

export const codecCodes = {
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
} as const satisfies Record<string, ErrorTemplate>;
