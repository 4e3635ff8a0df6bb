/** What A says about its own memory, followed as a debugger follows it: from symbols through its page tables. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Pfn, pageSizeBytes, pfn } from '../../image/pfn.ts';
import { addressesOf, imageAddress } from '../../kernels/linux/kernel-address.ts';
import { translate } from '../../kernels/linux/page-tables.ts';
import { frameUses } from '../../kernels/linux/structures/frame-uses.ts';
import { structureTables } from '../../kernels/linux/structures/index.ts';
import { type KernelSymbol, kernelSymbolAddress } from '../../kernels/linux/structures/kernel-symbols.ts';
import { settledMemory } from '../../kernels/linux/structures/settle-structures.ts';
import type { StructureTable } from '../../kernels/linux/structures/structure-table.ts';
import { vmcoreinfoPairs } from '../../kernels/linux/vmcoreinfo-table.ts';
import { type MomentView, momentView } from '../../machines/laws/moment-view.ts';
import { type BoxOptions, defaultOptions } from '../../machines/options/box-options.ts';
import { planOf } from '../../machines/options/plan-of.ts';
import { beginBox } from '../../machines/system/begin.ts';
import { inTime } from '../../machines/system/choices.ts';
import { History } from '../../machines/system/history.ts';

/** A at its crash, and how to read its virtual memory. */
class CrashedBox {
  readonly view: MomentView;

  constructor(options: Partial<BoxOptions>) {
    const { rules, world } = beginBox(planOf({ ...defaultOptions, path: 'kdump', ...options }));
    const history = new History(rules, world, inTime);
    let crashed = history.world.kept['crash.left/original'];
    while (crashed === undefined && history.forward()) crashed = history.world.kept['crash.left/original'];
    if (crashed === undefined) throw new Error('A did not crash');
    this.view = momentView(rules, crashed);
  }

  frameAt(address: bigint): Pfn {
    const root = this.view.plan.layout.original.pageTables.start;
    const found = translate(root, address, this.view.readPage);
    if (found.type !== 'page-tables.mapped') throw new Error(`0x${address.toString(16)}: ${found.reason}`);
    return pfn(Math.floor(found.physical / pageSizeBytes));
  }

  bytes(address: bigint, sizeBytes: number): Buffer {
    const bytes = Buffer.alloc(sizeBytes);
    for (let done = 0; done < sizeBytes; ) {
      const at = address + BigInt(done);
      const page = this.view.contents.bytes(this.view.memory.read(this.frameAt(at)));
      const from = Number(at % BigInt(pageSizeBytes));
      const part = page.subarray(from, from + sizeBytes - done);
      bytes.set(part, done);
      done += part.length;
    }
    return bytes;
  }

  word = (address: bigint): bigint => this.bytes(address, 8).readBigUInt64LE();

  symbol = (name: KernelSymbol): bigint => kernelSymbolAddress(this.view.plan, name);

  /** The frames on a list of struct pages, each followed by its link to the next; the links back are checked on the way. */
  frames(head: bigint, { page }: StructureTable): readonly number[] {
    const { vmemmap } = addressesOf(this.view.plan.layout, 'original');
    const frames: number[] = [];
    let previous = head;
    for (let entry = this.word(head); entry !== head; entry = this.word(entry)) {
      if (this.word(entry + 8n) !== previous) throw new Error('a link back that leads elsewhere');
      frames.push(Number((entry - BigInt(`0x${vmemmap}`) - BigInt(page.lru)) / BigInt(page.sizeBytes)));
      previous = entry;
    }
    return frames;
  }
}

function freeFrames({ plan, contents, memory }: MomentView): readonly number[] {
  const { start, count } = plan.layout.original.bitmap;
  const frames: number[] = [];
  for (let place = 0; place < count; place += 1) {
    const bits = contents.bytes(memory.read(pfn(start + place)));
    for (let bit = 0; bit < 8 * pageSizeBytes; bit += 1) {
      if ((((bits[bit >> 3] ?? 0) >> (bit & 7)) & 1) === 0) frames.push(place * 8 * pageSizeBytes + bit);
    }
  }
  return frames;
}

const kinds = structureTables.flatMap((table) =>
  [false, true].map((kaslr) => [`${table.version}${kaslr ? ', KASLR' : ''}`, table, kaslr] as const),
);

describe.each(kinds)('memory of A with the structures of %s', (_title, table, kaslr) => {
  let box: CrashedBox;
  const { page, zone, node, section } = table;
  beforeAll(() => {
    box = new CrashedBox({ kernelLayout: table.version, kaslr, ramBytes: 5 * 2 ** 30 });
  });
  const structPage = (frame: number): Buffer => {
    const { vmemmap } = box.view.plan.layout.addresses;
    return box.bytes(BigInt(`0x${vmemmap}`) + BigInt(frame * page.sizeBytes), page.sizeBytes);
  };
  const zoneAt = (index: number): bigint =>
    box.symbol('contig_page_data') + BigInt(node.zones + index * zone.sizeBytes);
  const freeList = (index: number, order: number): bigint =>
    zoneAt(index) + BigInt(zone.freeArea + 72 * order + 16);

  it.each([0, 1])('free lists of zone %i hold blocks that say their order, and are counted', (index) => {
    let inZone = 0;
    for (let order = 0; order <= 10; order += 1) {
      const blocks = box.frames(freeList(index, order), table);
      expect(box.word(freeList(index, order) + 48n)).toBe(BigInt(blocks.length));
      for (const first of blocks) {
        const head = structPage(first);
        expect([head.readUInt32LE(page.mapcount), head.readBigUInt64LE(page.private)]).toEqual([
          table.pageTypes.buddy,
          BigInt(order),
        ]);
        expect([first % 2 ** order, Number(head.readBigUInt64LE(page.flags) >> 62n)]).toEqual([0, index]);
      }
      inZone += blocks.length * 2 ** order;
    }
    expect(box.word(zoneAt(index) + BigInt(zone.vmStat))).toBe(BigInt(inZone));
  });

  it('free lists hold the frames that the frame bitmap has for free, each once', () => {
    const listed = [0, 1].flatMap((index) =>
      Array.from({ length: 11 }, (_, order) => order).flatMap((order) =>
        box
          .frames(freeList(index, order), table)
          .flatMap((first) => Array.from({ length: 2 ** order }, (_, place) => first + place)),
      ),
    );
    expect(listed.sort((one, other) => one - other)).toEqual(freeFrames(box.view));
  });

  it('pages of tasks and files are on their lists and say whose they are', () => {
    const uses = frameUses(box.view);
    const listed = [0, 2].map((list) =>
      box.frames(box.symbol('contig_page_data') + BigInt(node.lruLists + 16 * list), table),
    );
    const framesOf = (type: string): number[] =>
      [...uses]
        .flatMap(([frame, use]) => (use.type === type ? [frame] : []))
        .sort((one, other) => one - other);
    expect(listed).toEqual([framesOf('anonymous'), framesOf('cache')]);
    for (const [frame, use] of uses) {
      const bytes = structPage(frame);
      const isAnonymous = (bytes.readBigUInt64LE(page.mapping) & 1n) === 1n;
      const isPrivate = ((bytes.readUInt32LE(page.flags) >>> table.flags.private) & 1) === 1;
      expect([isAnonymous, isPrivate]).toEqual([
        use.type === 'anonymous',
        use.type === 'cache' && use.hasPrivate,
      ]);
      expect(bytes.readUInt32LE(page.mapcount) === table.pageTypes.table).toBe(use.type === 'table');
      if (use.type === 'anonymous') expect(Number(bytes.readBigUInt64LE(page.index))).toBe(use.index);
      if (use.type === 'cache') expect(Number(bytes.readBigUInt64LE(page.index))).toBe(use.block);
    }
  });

  it('mem_section leads to the struct pages of every section with memory', () => {
    const pairs = new Map(vmcoreinfoPairs(box.view.plan, 'original'));
    const roots = BigInt(`0x${pairs.get('SYMBOL(mem_section)')}`);
    const perRoot = pageSizeBytes / section.sizeBytes;
    const present: number[] = [];
    for (let root = 0; root < Number(pairs.get('LENGTH(mem_section)')); root += 1) {
      const tables = box.word(roots + BigInt(8 * root));
      if (tables === 0n) continue;
      for (let place = 0; place < perRoot; place += 1) {
        const mapped = box.word(tables + BigInt(place * section.sizeBytes));
        if ((mapped & 1n) === 0n) continue;
        expect((mapped & ~0xffn).toString(16)).toBe(
          pairs.get('SYMBOL(vmemmap)') ?? box.view.plan.layout.addresses.vmemmap,
        );
        const usage = box.bytes(
          box.word(tables + BigInt(place * section.sizeBytes + 8)),
          section.usageSizeBytes,
        );
        expect(usage.toString('hex')).toBe('f'.repeat(16) + '1'.repeat(64));
        present.push(root * perRoot + place);
      }
    }
    // 3 GiB below the hole, 2 GiB behind 4 GiB, in sections of 128 MiB.
    expect(present).toEqual([...Array(24).keys(), ...Array.from({ length: 16 }, (_, place) => 32 + place)]);
  });

  it('kallsyms knows the symbols of VMCOREINFO by the same addresses', () => {
    const pairs = new Map(vmcoreinfoPairs(box.view.plan, 'original'));
    const at = (name: string): bigint => BigInt(`0x${pairs.get(`SYMBOL(kallsyms_${name})`)}`);
    const base = box.word(at('relative_base'));
    const names = box.bytes(at('names'), 1024);
    let next = 0;
    const found = Array.from({ length: box.bytes(at('num_syms'), 4).readUInt32LE() }, (_, place) => {
      const length = names.readUInt8(next);
      const text = [...names.subarray(next + 1, next + 1 + length)].map((token) => {
        const offset = box.bytes(at('token_index') + BigInt(2 * token), 2).readUInt16LE();
        return String.fromCharCode(box.bytes(at('token_table') + BigInt(offset), 1).readUInt8());
      });
      next += 1 + length;
      const offset = box.bytes(at('offsets') + BigInt(4 * place), 4).readInt32LE();
      return [text.join('').slice(1), (base - 1n - BigInt(offset)).toString(16)];
    });
    expect(found.length).toBeGreaterThan(8);
    for (const [name, address] of found) {
      const said = pairs.get(`SYMBOL(${name})`);
      if (said !== undefined) expect([name, address]).toEqual([name, said]);
    }
    expect(found.map(([name]) => name)).toContain('init_uts_ns');
  });

  it('the list of tasks leads from init_task through all of them and back, each with its page tables', () => {
    const { task } = table;
    const start = box.symbol('init_task');
    const names: string[] = [];
    let address = start;
    do {
      const bytes = box.bytes(address, 3072);
      names.push(
        `${bytes.readUInt32LE(task.pid)} ${bytes.toString('latin1', task.name, task.name + 16).replace(/\0.*$/s, '')}`,
      );
      const memory = bytes.readBigUInt64LE(task.memory);
      if (memory !== 0n) {
        // The kernel's own data are no part of a task's table, its heap is.
        const root = box.frameAt(box.word(memory + BigInt(task.pageTable)));
        const heap = translate(root, 0x555555600000n, box.view.readPage);
        expect([heap.type, box.bytes(bytes.readBigUInt64LE(task.stack), 4).readUInt32LE()]).toEqual([
          'page-tables.mapped',
          0x57ac6e9d,
        ]);
      }
      const next = bytes.readBigUInt64LE(task.tasks);
      expect(box.word(next + 8n)).toBe(address + BigInt(task.tasks));
      address = next - BigInt(task.tasks);
    } while (address !== start);
    expect(names).toEqual(['0 swapper/0', '400 editor', '401 browser', '402 mailer', '403 shell']);
  });

  it('init_uts_ns names the release that VMCOREINFO names', () => {
    const fields = Array.from({ length: 6 }, (_, field) =>
      box
        .bytes(box.symbol('init_uts_ns') + BigInt(65 * field), 65)
        .toString('latin1')
        .replace(/\0.*$/s, ''),
    );
    expect(fields).toEqual(['Linux', 'box', table.release, '#1 SMP', 'x86_64', '(none)']);
    expect(vmcoreinfoPairs(box.view.plan, 'original')[0]).toEqual(['OSRELEASE', table.release]);
  });

  it('page tables map kernel text, all of RAM and nothing beside the struct pages', () => {
    const { layout } = box.view.plan;
    const { text, memoryMap } = layout.original;
    const direct = BigInt(`0x${layout.addresses.directMap}`);
    expect(box.frameAt(imageAddress(layout, 'original', text.start))).toBe(text.start);
    expect(box.frameAt(direct + 0x12345000n)).toBe(0x12345);
    expect(box.frameAt(direct + 2n ** 32n)).toBe(2 ** 20);
    expect(box.frameAt(BigInt(`0x${layout.addresses.vmemmap}`))).toBe(memoryMap.start);
    // No memory between 3 and 4 GiB, so no struct pages.
    const inHole = BigInt(`0x${layout.addresses.vmemmap}`) + BigInt(0xd0000 * page.sizeBytes);
    expect(() => box.frameAt(inHole)).toThrow('not-present');
  });

  it('is settled when A leaves: settling again changes nothing', () => {
    const settled = settledMemory(box.view);
    const { memoryMap } = box.view.plan.layout.original;
    for (let index = 0; index < memoryMap.count; index += 1) {
      const frame = pfn(memoryMap.start + index);
      expect(settled.memory.read(frame)).toBe(box.view.memory.read(frame));
    }
  });
});
