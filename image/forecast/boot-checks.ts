/**
 * What a booting kernel looks at before it loads anything: whether it may and should resume, then the header of the swap area.
 * Source: Linux 6.12 kernel/power/hibernate.c, hibernation_available and software_resume; swap.c, swsusp_check (linux.md A4.6).
 */
import {
  codecOf,
  decodeHeaderPage,
  foreignWriter,
  type HeaderPage,
  hasFlag,
  imageSignature,
  imageState,
  isSwapSignature,
} from '../formats/swsusp/header-page.ts';
import { type Check, errors } from './check.ts';
import { isAtLeast, type Machine } from './machine.ts';

const has = ({ parameters }: Machine, ...words: readonly string[]): boolean =>
  parameters?.some((word) => words.includes(word)) ?? false;

export function availableCheck(machine: Machine): Check {
  const name = 'hibernation allowed';
  if (has(machine, 'nohibernate', 'hibernate=no'))
    return { name, result: 'fail', says: 'the command line forbids hibernation, and resuming with it' };
  if (machine.isLockedDown)
    return {
      name,
      result: 'fail',
      says: 'the kernel is locked down, which forbids hibernation and resuming',
    };
  return { name, result: 'pass', says: 'nothing forbids it' };
}

/** `headerPage`: where whoever asks says that the header is. */
export function askedCheck(machine: Machine, headerPage: number): Check {
  const name = 'resume asked for';
  const { parameters, isResumeSeen } = machine;
  if (parameters === undefined)
    return { name, result: 'note', says: 'the command line is not known: it is taken to name this device' };
  if (has(machine, 'noresume', 'hibernate=noresume')) {
    if (isResumeSeen) return { name, result: 'pass', says: 'noresume, and yet user space asked in this log' };
    return {
      name,
      result: 'unknown',
      says: 'with noresume the boot does not look for an image; a later write to /sys/power/resume would',
    };
  }
  const offset = parameters.findLast((word) => word.startsWith('resume_offset='));
  const asked = offset === undefined ? 0 : Number(offset.slice('resume_offset='.length));
  const device = parameters.findLast((word) => word.startsWith('resume='));
  if (device === undefined || device === 'resume=')
    return {
      name,
      result: 'note',
      says: 'the command line names no device: user space has to write it to /sys/power/resume',
    };
  if (asked === headerPage)
    return { name, result: 'pass', says: 'the command line asks for it', found: device };
  return {
    name,
    result: 'fail',
    says: 'the command line has the kernel look at another page of the device',
    expected: `resume_offset=${headerPage}`,
    found: offset ?? 'no resume_offset',
    error: errors.EINVAL,
  };
}

/** From the first match on the image counts as consumed: its signature is put back before anything else is done. */
export function signatureCheck(page: Uint8Array): Check {
  const name = 'signature';
  const { signature } = decodeHeaderPage(page);
  const expected = `${imageSignature} and a zero byte`;
  const found = `"${signature.replaceAll(/[^ -~]/g, '?')}"`;
  if (signature === imageSignature) {
    const says = 'there is an image; Linux puts the signature of the swap area back before it loads anything';
    return { name, result: 'pass', says, expected, found };
  }
  const says = noImageSaid(page);
  return { name, result: 'fail', says, expected, found, error: errors.EINVAL };
}

function noImageSaid(page: Uint8Array): string {
  const header = decodeHeaderPage(page);
  const writer = foreignWriter(header);
  if (writer !== undefined)
    return `the image is one of ${writer}, which has to resume it: the kernel finds none`;
  if (imageState(header) === 'consumed')
    return 'this is a swap area without an image: the one that it held was consumed';
  if (isSwapSignature(header.signature)) return 'this is a swap area without an image';
  return 'there is no image: the boot goes on as if nothing had been saved, and prints nothing';
}

export function hardwareCheck(header: HeaderPage, { hardwareSignature }: Machine): Check {
  const name = 'hardware signature';
  if (!hasFlag(header, 'hardwareSignature'))
    return { name, result: 'pass', says: 'the image has none, so nothing is compared' };
  const inImage = header.hardwareSignature.toString(16).padStart(8, '0');
  if (hardwareSignature === undefined)
    return {
      name,
      result: 'unknown',
      says: 'the image has one, and the signature of the firmware is not in a log',
      found: `0x${inImage} in the image`,
    };
  const now = hardwareSignature.toString(16).padStart(8, '0');
  const facts = { expected: `0x${now} of the machine`, found: `0x${inImage} in the image` };
  if (hardwareSignature === header.hardwareSignature)
    return { name, result: 'pass', says: 'it is the same as when the image was made', ...facts };
  return {
    name,
    result: 'fail',
    says: 'it is not the one of the machine; the image is consumed all the same',
    ...facts,
    log: [`PM: Suspend image hardware signature mismatch (${inImage} now ${now}); aborting resume.`],
    error: errors.EINVAL,
  };
}

/** hibernate.compressor came with 6.9; kernels before take the flag for nothing, and the data for LZO. */
export function codecCheck(header: HeaderPage, machine: Machine): Check {
  const name = 'decompressor';
  const codec = codecOf(header);
  if (codec === 'none') return { name, result: 'pass', says: 'the image is not compressed' };
  if (codec === 'lz4' && isAtLeast(machine.release, 6, 9) === false)
    return {
      name,
      result: 'fail',
      says: 'the image is packed with LZ4, which kernels before 6.9 do not know: they unpack it as LZO',
      found: machine.release ?? '',
      log: ['PM: LZO decompression failed'],
      error: errors.EINVAL,
    };
  if (machine.missingCodecs.includes(codec))
    return {
      name,
      result: 'fail',
      says: `the log shows that the kernel has no ${codec}`,
      log: [`PM: hibernation: ${codec} compression is not available`],
      error: errors.EOPNOTSUPP,
    };
  return { name, result: 'pass', says: `${codec}; the kernel is taken to have it`, found: codec };
}
