/**
 * The kernel's reader of sizes, `memparse` (Linux 6.12 lib/cmdline.c, lib/kstrtox.c): a number in C notation,
 * then at most one of the letters K M G T P E. Its habits are kept: no digits at all is 0, so a lone `M` is
 * read as 0 and counts as something read; the value wraps at 64 bits. Beyond 2^53 the result is rounded to a
 * double: no RAM is that large, and every caller refuses such sizes.
 */

/** `end` is where reading stopped; equal to `from` when nothing was read. */
export type ParsedSize = { readonly value: number; readonly end: number };

const shifts: Readonly<Record<string, bigint>> = { k: 10n, m: 20n, g: 30n, t: 40n, p: 50n, e: 60n };

export function memparse(text: string, from = 0): ParsedSize {
  const rest = text.slice(from);
  const { digits, base, prefixLength } = numberOf(rest);
  const suffix = rest[prefixLength + digits.length]?.toLowerCase() ?? '';
  const shift = shifts[suffix];
  const end = from + prefixLength + digits.length + (shift === undefined ? 0 : 1);
  return { value: Number(BigInt.asUintN(64, integerOf(digits, base) << (shift ?? 0n))), end };
}

type Digits = { readonly digits: string; readonly base: bigint; readonly prefixLength: number };

/** 0x before a hex digit is hexadecimal, a leading 0 is octal (kstrtox.c:_parse_integer_fixup_radix). */
function numberOf(text: string): Digits {
  const match = (pattern: RegExp): string => pattern.exec(text)?.[0] ?? '';
  if (/^0x[0-9a-f]/i.test(text))
    return { digits: match(/^0x[0-9a-f]+/i).slice(2), base: 16n, prefixLength: 2 };
  if (text.startsWith('0')) return { digits: match(/^[0-7]+/), base: 8n, prefixLength: 0 };
  return { digits: match(/^[0-9]+/), base: 10n, prefixLength: 0 };
}

function integerOf(digits: string, base: bigint): bigint {
  let value = 0n;
  for (const digit of digits) value = value * base + BigInt(Number.parseInt(digit, 16));
  return value;
}
