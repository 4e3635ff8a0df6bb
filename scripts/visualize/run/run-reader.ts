/**
 * Turns what records hold into happenings, one after the other, in the order of time. Orders and requests are remembered until
 * their answer comes.
 */
import type { MessageName } from '../../../kernels/linux/messages/index.ts';
import { kernelNames } from '../../../kernels/machine.ts';
import { pathNamed } from '../../../machines/paths/index.ts';
import { verdictOf } from '../../../machines/paths/path.ts';
import type { ActorName } from '../../../machines/system/actors.ts';
import type { History } from '../../../machines/system/history.ts';
import { type Pick as Possible, possiblePicks } from '../../../machines/system/picks.ts';
import type { Rules, StepRecord, TurnRecord } from '../../../machines/system/world.ts';
import type { Marker } from '../../report/markers.ts';
import { durationText } from './duration-text.ts';
import { deviceLifelines, lifelineOf } from './lifelines.ts';
import { endOfOrder } from './order-ends.ts';
import { RunView } from './run-view.ts';
import type { DevicesShown, Happening, LifelineId } from './sequence.ts';

type Told = StepRecord['told'][number];
type Order = StepRecord['commands'][number];
type Work = Extract<Possible, { kind: 'move' }>;

/** Replies and messages that say that something did not go well. */
const failure = /\.(aborted|failed|missing|mismatched|nothingLoaded|refused|stuck|timedOut|struck)$/;

/** As printk puts it before a line. */
const stamp = /^\[ *\d+\.\d+\] /;

export class RunReader {
  readonly view: RunView;
  readonly happenings: Happening[] = [];
  private readonly rules: Rules;
  private readonly devices: DevicesShown;
  /** Index of the order or request that waits for its answer, by the actor that the answer goes to or comes from. */
  private readonly open = new Map<ActorName, number>();

  constructor(history: History, devices: DevicesShown) {
    this.view = new RunView(history);
    this.rules = history.rules;
    this.devices = devices;
  }

  /** What began the step, of all that was possible. */
  get pick(): Possible | undefined {
    return possiblePicks(this.rules, this.view.before).find(({ key }) => key === this.view.record?.pick);
  }

  /** An event that no transition took. */
  ignored({ actor, event }: TurnRecord): void {
    this.put({ kind: 'fault', from: this.lifeline(actor), text: `${event} (ignored)`, isFailure: true });
  }

  timer({ actor, event }: TurnRecord): void {
    const { pick } = this;
    this.view.stay();
    const delay = pick?.kind === 'timer' ? `: ${durationText(pick.timer.delayMs * 1e6)}` : '';
    const name = /^xstate\.after\.([^.]*)/.exec(event)?.[1] ?? event;
    this.put({ kind: 'timer', from: this.lifeline(actor), text: `after ${name}${delay}` });
  }

  /** Something that hardware or tasks do by themselves. */
  work({ move, index }: Work): void {
    const ends = this.workers();
    if (ends === undefined) return;
    this.view.stay();
    const names = [move.label(index, this.rules.plan)];
    this.put({ kind: 'work', ...ends, text: move.name, key: `work ${move.name}`, names });
  }

  order({ by, type, text, state }: Order): void {
    // A driver's calls into its own device: what was asked of the driver is told already.
    if (by.includes('/')) return;
    // The kernel that gives an order stands behind its name; a later one is what the order is about.
    const words = text
      .split(' ')
      .filter((word, at) => at !== 1 || !kernelNames.some((kernel) => kernel === word));
    const bare = words.filter((word) => !isNumber(word)).join(' ');
    const { does } = this.view.enter(by, state);
    const names = words.filter((word) => isNumber(word));
    this.open.set(by, this.happenings.length);
    const ends = { from: this.lifeline(by), to: this.endsOf(by, type) };
    this.put({ kind: 'order', ...ends, text: bare, does, key: `${by} ${bare}`, names });
  }

  answered({ actor, event }: TurnRecord): void {
    if (actor.includes('/')) return;
    const order = this.close(actor);
    const [from = this.lifeline(actor)] = order?.to ?? [];
    const to = order?.to.length === 0 ? [] : [this.lifeline(actor)];
    this.put({
      kind: 'answer',
      from,
      to,
      text: event,
      key: order?.key ?? '',
      isFailure: failure.test(event),
    });
  }

  told({ from, to, type, state }: Told): void {
    if (from === 'operator') return;
    const [kernel = '', role] = (from.includes('/') ? from : to).split('/');
    const ends = { from: this.lifeline(from), to: [this.lifeline(to)] };
    const isFailure = failure.test(type);
    if (role === undefined) {
      const { does } = this.view.enter(from, state);
      this.put({ kind: 'message', ...ends, text: type, does, isFailure });
    } else if (to.includes('/')) {
      const { around } = this.view.enter(from, state);
      this.abandon(to);
      this.open.set(to, this.happenings.length);
      const text = type.replace('device.', '');
      this.put({ kind: 'request', ...ends, text, does: around, key: `${kernel} ${type}`, names: [role] });
    } else {
      const key = this.close(from)?.key ?? '';
      this.put({ kind: 'answer', ...ends, text: type, key, names: [role], isFailure });
    }
  }

  /** What the operator asked for has arrived. */
  asked({ actor, event, through, after }: TurnRecord): void {
    this.view.enter(actor, through[0] ?? after);
    const { does } = this.view.told('operator', this.view.stateOf(this.view.after, 'operator'));
    this.put({ kind: 'message', from: 'operator', to: [this.lifeline(actor)], text: event, does });
  }

  /** Control reaches somebody who did not have it. */
  control({ actor, event }: TurnRecord, channel: string): void {
    const arrival = this.view.before.queues[channel]?.[0];
    const by = arrival?.type === 'control.arrived' ? arrival.by : undefined;
    const isBack = by === 'return' || by === 'reentry';
    this.view.arrive(isBack ? undefined : kernelNames.find((name) => name === actor));
    const here = this.lifeline(actor);
    // Where nobody has the machine, it leaves the one who had it last.
    const leaver = this.view.executor === here ? this.view.leaver : this.view.executor;
    const isFailure = failure.test(event);
    const text = by === undefined ? event : `control: ${by}`;
    const isNew = !isFailure && leaver !== undefined && leaver !== here;
    if (isNew) this.put({ kind: 'control', from: leaver, to: [here], text });
    else this.put({ kind: isFailure ? 'fault' : 'control', from: here, text, isFailure });
  }

  /** What the states of a turn may print. */
  linesOf({
    actor,
    through,
    after,
  }: Pick<TurnRecord, 'actor' | 'through' | 'after'>): readonly MessageName[] {
    return [...through, after].flatMap((state) => this.view.told(actor, state).lines);
  }

  line({ kernel, text, count }: Marker): void {
    const bare = text.replace(stamp, '').trimEnd();
    this.put({ kind: 'line', from: kernel, text: bare, key: `line ${bare}`, count });
  }

  /** On the console, but in no kernel's log: purgatory and tools. What has a stamp was held back, and is told already. */
  spoken(text: string): void {
    if (!stamp.test(text)) this.put({ kind: 'line', from: this.view.executor ?? 'firmware', text });
  }

  struck({ fault, place }: { readonly fault: string; readonly place: string }): void {
    const from = this.view.executor ?? 'firmware';
    this.put({ kind: 'fault', from, text: `fault ${fault} at ${place}`, isFailure: true });
  }

  /** After the last record: who was asked and never answered. */
  end(): void {
    for (const actor of this.open.keys()) this.abandon(actor);
  }

  /** The operator has come to an end. */
  verdict(): void {
    const verdict = verdictOf(this.view.after.actors.operator);
    if (verdict === undefined || verdictOf(this.view.before.actors.operator) !== undefined) return;
    const isFailure = verdict !== pathNamed(this.rules.plan.path)?.goal;
    this.put({ kind: 'message', from: 'operator', text: `verdict: ${verdict}`, isFailure });
  }

  private put(part: Partial<Happening> & Pick<Happening, 'kind' | 'from' | 'text'>): void {
    const { nowNs, executor, place, record } = this.view;
    this.happenings.push({
      step: record?.step ?? 0,
      startNs: nowNs,
      endNs: nowNs,
      clock: this.view.clock(),
      executor,
      place,
      to: [],
      does: '',
      isFailure: false,
      key: '',
      names: [],
      count: 1,
      ...part,
    });
  }

  /** The order or request that is answered now; it was under way until now. */
  private close(actor: ActorName): Happening | undefined {
    const index = this.open.get(actor);
    this.open.delete(actor);
    const begun = index === undefined ? undefined : this.happenings[index];
    if (index === undefined || begun === undefined) return undefined;
    this.happenings[index] = { ...begun, endNs: this.view.nowNs };
    return begun;
  }

  /** A driver that was asked always answers, or it hangs; orders to the hardware may have no answer. */
  private abandon(actor: ActorName): void {
    const index = this.open.get(actor);
    const asked = index === undefined ? undefined : this.happenings[index];
    if (index === undefined || asked === undefined || !actor.includes('/')) return;
    this.open.delete(actor);
    this.happenings[index] = { ...asked, text: `no answer: ${asked.text}`, isFailure: true };
  }

  /** A device that wrote to memory, or the kernel whose tasks did; else nobody is seen to work. */
  private workers(): Pick<Happening, 'from' | 'to'> | undefined {
    const { record } = this.view;
    const landed = record?.notes.find((note) => note.type === 'dma.landed');
    const role = landed && this.rules.plan.devices[landed.device];
    if (role !== undefined) return { from: lifelineOf(`original/${role}`, this.devices), to: ['memory'] };
    const writer = record?.writes[0]?.by;
    const kernel = kernelNames.find((name) => name === writer);
    return kernel && { from: kernel, to: [] };
  }

  private endsOf(by: ActorName, type: Order['type']): readonly LifelineId[] {
    const end = endOfOrder(type);
    if (end === 'self') return [];
    return end === 'devices' ? deviceLifelines(this.rules, by, this.devices) : [end];
  }

  private lifeline(actor: ActorName): LifelineId {
    return lifelineOf(actor, this.devices);
  }
}

const isNumber = (word: string): boolean => /^\d+$/.test(word);
