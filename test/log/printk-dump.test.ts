/** The proof that the log's layout is real: a real kernel's log is read by us, and ours is read by a real tool. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatDmesg } from '../../kernels/linux/format-dmesg.ts';
import { messagesOf } from '../../kernels/linux/messages/index.ts';
import { levelNumbers, type MessageLevel, templatePattern } from '../../kernels/linux/messages/template.ts';
import { hex64, offsetOf } from '../../kernels/linux/printk-layout.ts';
import { type LogRecord, type NewRecord, readRecords } from '../../kernels/linux/printk-ring.ts';
import { blockOf, ringWords } from '../../kernels/linux/printk-words.ts';
import { needs, run } from '../kit/needs.ts';
import { realDump } from './real-dump.ts';
import { ringMemory } from './ring-memory.ts';

describe('the log in a real dump', () => {
  test('is read as vmcore-dmesg reads it', (context) => {
    const { port, log } = realDump(context);
    const expected = readFileSync(
      join(needs(context, 'artefacts'), 'tools', 'b2-vmcore-dmesg.txt'),
      'latin1',
    );
    expect(formatDmesg(readRecords(port, log))).toBe(expected);
  });

  test('has the offsets that we write in its VMCOREINFO', (context) => {
    const { vmcoreinfo } = realDump(context);
    const recorded = readFileSync(new URL('../golden/logs/b2-vmcoreinfo.txt', import.meta.url), 'utf8');
    for (const line of recorded.trimEnd().split('\n')) expect(vmcoreinfo).toContain(`${line}\n`);
  });

  test('has every message that we know at the level that we give it, and with a device where we say so', (context) => {
    const { port, log } = realDump(context);
    const records = readRecords(port, log).filter(({ facility }) => facility === 0);
    for (const [name, template] of Object.entries(messagesOf('6.12'))) {
      if (template.from !== 'kernel' || template.level === 'cont' || template.facility === 1) continue;
      const pattern = templatePattern(template);
      for (const record of records.filter(({ text }) => pattern.test(text))) {
        const { level, device, text } = record;
        expect([level, device !== undefined], `${name}: ${text}`).toEqual([
          levelNumbers[template.level],
          template.isDevice,
        ]);
      }
    }
  });

  test('printed by us, has the same records and takes the same room', (context) => {
    const { port, log } = realDump(context);
    const records = readRecords(port, log);
    const ours = ringMemory({ textBits: 22, descriptorBits: 17 });
    for (const record of records) for (const part of asPrinted(record)) ours.print(part);
    expect(ours.records()).toEqual(records);
    const [theirWords, ourWords] = [ringWords(port, log), ringWords(ours.port, ours.region)];
    if (theirWords === undefined || ourWords === undefined) throw new Error('both logs have a sound head');
    const firstId = theirWords.bytes.word(theirWords.tailId) + 1n;
    for (const { sequence, text } of records.slice(earlyRecords)) {
      const [their, our] = [theirWords, ourWords].map((words) => blockOf(words, firstId + BigInt(sequence)));
      expect(Number(our && our.next - our.begin), text).toBe(Number(their && their.next - their.begin));
    }
    expect(ourWords.bytes.word(ourWords.headId)).toBe(theirWords.bytes.word(theirWords.headId));
    expect(ourWords.bytes.word(ourWords.lastFinalizedSeq)).toBe(
      theirWords.bytes.word(theirWords.lastFinalizedSeq),
    );
  });
});

/** Copied into the larger buffer of log_buf_len= without spare bytes (kernel/printk/printk.c:add_to_rb). */
const earlyRecords = 21;

/** dump_stack prints without a level: from the line with the processor on, in this dump. Its RSP line is printed in two parts. */
function asPrinted(record: LogRecord): NewRecord[] {
  const isTrace = record.sequence >= 997;
  const names = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'] as const;
  const level: MessageLevel = isTrace ? 'default' : (names[record.level] ?? 'default');
  const { timeNs, text, callerId, isOpen, facility, device } = record;
  const whole = { timeNs, level, text, callerId, isOpen, facility, ...(device && { device }) };
  const [begin, end] = text.split(/(?= ORIG_RAX)/);
  if (begin === undefined || end === undefined) return [whole];
  return [
    { ...whole, text: begin, isOpen: true },
    { ...whole, text: end, level: 'cont' },
  ];
}

test('makedumpfile reads our log: text, open and continued lines, wrapped text, bytes that are not ASCII', (context) => {
  const makedumpfile = needs(context, 'makedumpfile');
  const { elf, mappings, vmcoreinfo, filePlaces } = realDump(context);
  const physical = 0x3000000;
  const ours = ringMemory({ address: hex64(0xffff888000000000n + BigInt(physical)) });
  for (let count = 0; count < 3000; count++) {
    const isOpen = count % 7 === 0;
    const level = count % 7 === 1 ? 'cont' : 'info';
    const text = `${count} ${'x'.repeat((count * 37) % 80)}${count % 50 === 0 ? '\nsecond line é\x01' : ''}`;
    ours.print({ timeNs: count * 1_234_567, level, text, isOpen, callerId: count % 3 === 0 ? 1 : 2 });
  }
  const place = (at: number, bytes: Uint8Array) => {
    for (const offset of filePlaces(at)) elf.set(bytes, offset);
  };
  for (let page = 0; page < ours.region.pageCount; page++)
    place(physical + page * 4096, ours.port.readPage(page));
  const prb = BigInt(`0x${/SYMBOL\(prb\)=([0-9a-f]+)/.exec(vmcoreinfo)?.[1]}`);
  const pointer = new Uint8Array(
    new BigUint64Array([BigInt(`0x${ours.region.symbols.printk_rb_static}`)]).buffer,
  );
  place(offsetOf({ structOffset: 0, mappings }, prb), pointer);

  const folder = mkdtempSync(join(tmpdir(), 'kjump-log-'));
  try {
    writeFileSync(join(folder, 'vmcore'), elf);
    const { status } = run(makedumpfile, ['--dump-dmesg', join(folder, 'vmcore'), join(folder, 'dmesg')]);
    expect(status).toBe(0);
    expect(readFileSync(join(folder, 'dmesg'), 'latin1')).toBe(formatDmesg(ours.records()));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
