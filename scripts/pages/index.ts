/** `npm run pages`: the pages about the variants of a kexec jump, their pictures and outputs made anew. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Io } from '../cli/io.ts';
import { main } from '../cli/main.ts';
import { realIo } from '../cli/real-io.ts';
import { freshPage, type Kjump } from './fresh-page.ts';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../../machines/paths/pages');

for (const name of readdirSync(folder).filter((file) => file.endsWith('.md'))) {
  const page = await freshPage(readFileSync(join(folder, name), 'utf8'), kjump);
  writeFileSync(join(folder, name), page.text);
  for (const [file, content] of page.pictures) writeFileSync(join(folder, file), content);
  process.stdout.write(`${name}: ${page.pictures.size} pictures\n`);
}

/** As on a pipe of 80 columns. */
async function kjump(command: string): ReturnType<Kjump> {
  let printed = '';
  const out: Io['out'] = {
    write: (text) => {
      printed += text;
    },
    isTerminal: false,
    columns: 80,
    paint: (_style, text) => text,
  };
  await main(command.split(' '), { ...realIo(), out });
  return printed;
}
