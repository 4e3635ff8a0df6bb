/** What fuzzing found, for people. */
import type { CampaignResult } from './campaign.ts';
import type { FlipResult } from './flips.ts';

const nameColumns = 20;

export function campaignText(target: string, { inputs, taken, refused, findings }: CampaignResult): string {
  const codes = Object.entries(refused)
    .sort(([, one], [, other]) => other - one)
    .map(([code, count]) => `${code} ${count}`);
  const counts = `${inputs} inputs, ${taken} taken, ${findings.length} findings`;
  return [
    `${target.padEnd(nameColumns)} ${counts}${codes.length > 0 ? `; refused: ${codes.join(', ')}` : ''}`,
    ...findings.map(({ inputIndex, kind, message }) => `  input ${inputIndex}: ${kind}: ${message}`),
    '',
  ].join('\n');
}

export function flipText({ format, codec, ranges, findings }: FlipResult): string {
  const counted = Object.entries(ranges).map(
    ([name, { noticed, harmless, told, unnoticed, failed }]) =>
      `  ${name}: ${noticed} noticed, ${harmless} harmless, ${told} told, ${unnoticed} unnoticed, ${failed} failed`,
  );
  const found = findings.map(
    ({ bit, range, outcome }) =>
      `  broken promise: bit ${bit & 7} of byte 0x${(bit >>> 3).toString(16)}, ${range}: ${outcome}`,
  );
  return [`${format}, codec ${codec}`, ...counted, ...found, ''].join('\n');
}
