/** Error codes of hibernation images and of machines that are to resume from them (image-error.ts). */
import { copyAgain, type ErrorTemplate } from './error-template.ts';

export const hibernationCodes = {
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
} as const satisfies Record<string, ErrorTemplate>;
