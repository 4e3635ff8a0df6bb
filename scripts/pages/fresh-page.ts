/**
 * A page of documentation whose pictures and outputs are made by the commands that stand beside them, so that it cannot rot.
 *
 *   <!-- made by: kjump visualize run --variant hibernate --format svg -->
 *   ![what it shows](hibernate-run.svg)            the file is the output of the command
 *
 *   ```console
 *   $ kjump run --variant hibernate                the lines below it are its output
 *   ```
 *
 * Words are written by people; this file only puts in what is computed.
 */

export type FreshPage = {
  readonly text: string;
  /** Pictures by file name, beside the page. */
  readonly pictures: ReadonlyMap<string, string>;
};

/** Runs a command line without its first word, and gives what it prints. */
export type Kjump = (command: string) => Promise<string>;

const picture = /^<!-- made by: kjump (.+) -->\n!\[[^\]]*\]\(([\w.-]+)\)$/gm;
const session = /^```console\n\$ kjump (.+)\n[\s\S]*?^```$/gm;

export async function freshPage(markdown: string, kjump: Kjump): Promise<FreshPage> {
  const pictures = new Map<string, string>();
  for (const [, command = '', file = ''] of markdown.matchAll(picture))
    pictures.set(file, await kjump(command));
  let text = markdown;
  for (const [block, command = ''] of markdown.matchAll(session)) {
    const output = (await kjump(command)).trimEnd();
    text = text.replace(block, () => ['```console', `$ kjump ${command}`, output, '```'].join('\n'));
  }
  return { text, pictures };
}
