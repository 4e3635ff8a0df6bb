import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { codecs } from '../../image/codecs/index.ts';
import { goldenInput } from './golden-input.ts';

const folder = new URL('../golden/codecs/', import.meta.url);
const files = readdirSync(folder).filter((name) => name !== 'README.md');
const input = goldenInput();

describe('what real tools packed', () => {
  it('was packed from the input that its README names', () => {
    const digest = createHash('sha256').update(input).digest('hex');
    expect(readFileSync(new URL('README.md', folder), 'utf8')).toContain(digest);
  });

  it('has a file for every codec that packs', () => {
    const packing = Object.keys(codecs).filter((name) => name !== 'none');
    expect([...new Set(files.map(codecNameOf))].sort()).toEqual(packing.sort());
  });

  it.each(files)('%s unpacks to the same bytes', (file) => {
    const codec = Object.values(codecs).find(({ name }) => name === codecNameOf(file));
    const packed = readFileSync(new URL(file, folder));
    expect(codec?.decompress(packed, input.length)).toEqual(input);
    expect(codec?.decompress(packed, 2 * input.length)).toEqual(input);
  });
});

const codecNameOf = (file: string): string => file.slice(file.lastIndexOf('.') + 1);
