/** `--set NAME=VALUE`: what a format may be told beyond what all formats take. */
import type { ImageFormat } from '../../image/formats/image-format.ts';
import { OptionError } from '../../machines/options/option-error.ts';
import type { Option } from '../cli/options.ts';

export const settingsOption: Option<readonly string[]> = {
  takes: 'NAME=VALUE',
  help: 'what the format may be told beyond that; may be given several times',
  otherwise: 'nothing',
  read: (given) => given,
};

export function settingsOf(
  { name, settings = [] }: ImageFormat,
  texts: readonly string[],
): Readonly<Record<string, string>> {
  const pairs = texts.map((text): [string, string] => {
    const at = text.indexOf('=');
    const setting = at < 0 ? text : text.slice(0, at);
    if (at > 0 && settings.some((one) => one.name === setting)) return [setting, text.slice(at + 1)];
    const known =
      settings.length === 0
        ? `nothing: ${name} has no settings`
        : settings.map((one) => `${one.name}=VALUE`).join(', ');
    throw new OptionError('option.unknown', { option: '--set', expected: known, found: text });
  });
  return Object.fromEntries(pairs);
}
