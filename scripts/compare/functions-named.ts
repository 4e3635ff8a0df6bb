/**
 * Which code a state stands for: names out of what it says of itself (`meta.does`), functions of Linux and purgatory, and programs.
 *
 *   crash_smp_send_stop, nmi_shootdown_cpus    both               panic, krestore, panic: the text     the word
 *   kexec -e: sync()                           kexec -e, sync     fsync: all data reach the medium     fsync
 *
 * A question is asked by what stands before its colon, whatever it asks about; `on dpm_noirq_list` says where a device stands and names
 * no code. Words that read as neither are plain words: what they stand for has no name.
 */

const identifier = /(?<![\w/.])_*[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b/g;
/** A system call or a function of one word: `sync()`, `reboot(…)`. */
const called = /(?<![\w/])([a-z]+)\(/g;
const program = /^([a-z]+ --?[a-z-]+)/;
const single = /^([a-z]+)(?=:|$)/;
const question = /\?$|, or not\b/;
const place = /^on /;

export function functionsNamed(does: string): readonly string[] {
  if (place.test(does)) return [];
  const told = question.test(does) ? (/^([^:]*):/.exec(does)?.[1] ?? '') : does;
  const names = [
    ...[program, single].flatMap((pattern) => pattern.exec(told)?.[1] ?? []),
    ...(told.match(identifier) ?? []),
    ...Array.from(told.matchAll(called), ([, name = '']) => name),
  ];
  return [...new Set(names)];
}
