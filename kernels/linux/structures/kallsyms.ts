/**
 * kallsyms: the kernel's own table of its symbols, with the few that the box has.
 *
 *   names    for each symbol: a byte of length, then that many numbers of tokens; the first letter is the type
 *   tokens   256 texts, each ended by NUL; here each printable character stands for itself
 *   offsets  for each symbol, ascending, 32 bits: relative_base - 1 - address, negative because x86-64 keeps per-CPU symbols apart
 *
 * Sources: kernel/kallsyms.c (kallsyms_sym_address, kallsyms_expand_symbol) and scripts/kallsyms.c, 6.12; 6.1 is the same.
 */
import { pageSizeBytes } from '../../../image/pfn.ts';
import { assert } from '../../assert.ts';
import { viewOf } from '../paged-bytes.ts';
import { kernelSymbols } from './kernel-symbols.ts';

export type Symbol = { readonly name: string; readonly address: bigint };

/** The bytes of the pages from that of `kallsyms_num_syms` on. */
export function kallsymsBytes(symbols: readonly Symbol[], textStart: bigint): Uint8Array {
  const bytes = new Uint8Array(2 * pageSizeBytes);
  const view = viewOf(bytes);
  const sorted = [...symbols].sort((one, other) => (one.address < other.address ? -1 : 1));
  const at = (symbol: keyof typeof kernelSymbols): number => {
    const { page, offset } = kernelSymbols[symbol];
    return (page - kernelSymbols.kallsyms_num_syms.page) * pageSizeBytes + offset;
  };
  view.setUint32(at('kallsyms_num_syms'), sorted.length, true);
  view.setBigUint64(at('kallsyms_relative_base'), textStart, true);
  let name = at('kallsyms_names');
  for (const [index, symbol] of sorted.entries()) {
    const offset = textStart - 1n - symbol.address;
    assert(offset < 0n, `kallsyms: ${symbol.name} lies below the kernel`);
    view.setInt32(at('kallsyms_offsets') + 4 * index, Number(offset), true);
    const text = new TextEncoder().encode(`D${symbol.name}`);
    bytes[name] = text.length;
    bytes.set(text, name + 1);
    name += 1 + text.length;
  }
  writeTokens(bytes, at('kallsyms_token_table'), at('kallsyms_token_index'));
  return bytes;
}

/** Printable characters stand for themselves, all other tokens for nothing. */
function writeTokens(bytes: Uint8Array, table: number, indexes: number): void {
  const view = viewOf(bytes);
  let next = 0;
  for (let token = 0; token < 256; token += 1) {
    view.setUint16(indexes + 2 * token, next, true);
    if (token > 0x20 && token < 0x7f) {
      bytes[table + next] = token;
      next += 1;
    }
    next += 1;
  }
}
