/**
 * Guards, asked and watched: a transition's guard is called with a copy of the context that writes down every field it reads, so that
 * a "no" can be told with its reasons. Guards are facts about the context: none of them looks at the event.
 */
import type { AnyMachineSnapshot, AnyStateMachine } from 'xstate';
import { getNextTransitions } from 'xstate';
import type { ActorName } from '../../machines/system/actors.ts';

export type Read = { readonly field: string; readonly value: unknown };

export type SeenGuard = {
  readonly actor: ActorName;
  /** The state that the transition leaves. */
  readonly state: string;
  /** Empty: it needs no event. */
  readonly event: string;
  readonly guard: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly holds: boolean;
  readonly reads: readonly Read[];
  /** The state that it would lead to. */
  readonly target: string;
};

type NamedGuard = string | { readonly type: string; readonly params?: Readonly<Record<string, unknown>> };
type Guard = (scope: { readonly context: unknown; readonly event: unknown }, params: unknown) => boolean;

/** All guarded transitions from where an actor stands, asked now; those without an event are asked in their order until one holds. */
export function guardsAt(name: ActorName, snapshot: AnyMachineSnapshot): readonly SeenGuard[] {
  const guards: SeenGuard[] = [];
  const settled = new Set<string>();
  for (const { guard, eventType, source, target } of getNextTransitions(snapshot)) {
    const state = source.path.join('.');
    const place = `${state} ${eventType}`;
    if (settled.has(place)) continue;
    // XState types guards as anything; all charts of the box name theirs in their set-up.
    const named = guard as NamedGuard | undefined;
    if (named === undefined) {
      settled.add(place);
      continue;
    }
    const told = askGuard(snapshot, named);
    if (told.holds) settled.add(place);
    const leadsTo = target?.map(({ path }) => path.join('.')).join(', ') ?? state;
    guards.push({ actor: name, state, event: eventType, ...told, target: leadsTo });
  }
  return guards;
}

type Told = Pick<SeenGuard, 'guard' | 'params' | 'holds' | 'reads'>;

function askGuard({ context, machine }: AnyMachineSnapshot, named: NamedGuard): Told {
  const { type, params = {} } = typeof named === 'string' ? { type: named } : named;
  const { guards } = (machine as AnyStateMachine).implementations;
  const ask = guards[type] as Guard;
  const reads = new Map<string, unknown>();
  const holds = ask({ context: watched(structuredClone(context), '', reads), event: { type: '' } }, params);
  return { guard: type, params, holds, reads: [...reads].map(([field, value]) => ({ field, value })) };
}

/** Fields of records are written down when they are read; lists and inner records are watched in their turn. */
function watched<Value extends object>(value: Value, at: string, reads: Map<string, unknown>): Value {
  return new Proxy(value, {
    get(target, key, receiver) {
      const found: unknown = Reflect.get(target, key, receiver);
      if (typeof key === 'symbol' || key === 'length' || typeof found === 'function') return found;
      const field = /^\d+$/.test(key) ? `${at}[${key}]` : at === '' ? key : `${at}.${key}`;
      if (typeof found === 'object' && found !== null) return watched(found, field, reads);
      reads.set(field, found);
      return found;
    },
  });
}

/** `devices[0].at` to `devices[3].at` with one value are one entry: `devices[0-3].at = frozen`. */
export function readsText(reads: readonly Read[]): string {
  const groups: { head: string; tail: string; value: unknown; first: number; last: number }[] = [];
  const plain: string[] = [];
  for (const { field, value } of reads) {
    const [, head = '', number, tail = ''] = /^([^[]*)\[(\d+)\](.*)$/.exec(field) ?? [];
    if (number === undefined) {
      plain.push(`${field} = ${String(value)}`);
      continue;
    }
    const index = Number(number);
    const open = groups.find(
      (group) =>
        group.head === head && group.tail === tail && group.value === value && group.last === index - 1,
    );
    if (open) open.last = index;
    else groups.push({ head, tail, value, first: index, last: index });
  }
  const lists = groups.map(({ head, tail, value, first, last }) => {
    const indexes = first === last ? String(first) : `${first}-${last}`;
    return `${head}[${indexes}]${tail} = ${String(value)}`;
  });
  return [...plain, ...lists].join(', ');
}
