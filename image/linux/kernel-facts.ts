/**
 * What a kernel says of itself in VMCOREINFO, by kind of key (linux.md C.3.4).
 *
 * A key that is asked for and missing is an ImageError that names it, so that "cannot be done" always says what would be needed.
 */
import { decodeVmcoreinfo, vmcoreinfoValue } from '../formats/elf/vmcoreinfo.ts';
import { ImageError } from '../image-error.ts';

export type KernelFacts = {
  /** Undefined where the text lacks the key, or has something else than a number there. */
  text(key: string): string | undefined;
  has(key: string): boolean;
  symbol(name: string): bigint;
  number(name: string): number;
  offset(member: string): number;
  size(structure: string): number;
  length(array: string): number;
};

export function kernelFacts(vmcoreinfo: string): KernelFacts {
  const pairs = decodeVmcoreinfo(vmcoreinfo);
  const text = (key: string): string | undefined => vmcoreinfoValue(pairs, key);
  const integer = (key: string): number => {
    const value = text(key) ?? '';
    if (!/^-?\d{1,15}$/.test(value)) throw missing(key, 'a whole number', text(key));
    return Number(value);
  };
  return {
    text,
    has: (key) => text(key) !== undefined,
    symbol: (name) => {
      const value = text(`SYMBOL(${name})`) ?? '';
      if (!/^[0-9a-f]{1,16}$/.test(value))
        throw missing(`SYMBOL(${name})`, 'an address', text(`SYMBOL(${name})`));
      return BigInt(`0x${value}`);
    },
    number: (name) => integer(`NUMBER(${name})`),
    offset: (member) => integer(`OFFSET(${member})`),
    size: (structure) => integer(`SIZE(${structure})`),
    length: (array) => integer(`LENGTH(${array})`),
  };
}

const missing = (key: string, expected: string, found: string | undefined): ImageError =>
  new ImageError('kernel.missing-fact', {
    offset: 0,
    expected: `${key}=${expected}`,
    found: found === undefined ? 'no such line' : JSON.stringify(found.slice(0, 40)),
  });
