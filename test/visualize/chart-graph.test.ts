import { describe, expect, it } from 'vitest';
import { and, createMachine, emit, not, or, setup, stateIn } from 'xstate';
import { type ChartEdge, type ChartGraph, chartGraphOf } from '../../scripts/visualize/chart/chart-graph.ts';
import { edgeStyle, edgeText } from '../../scripts/visualize/chart/edge-text.ts';
import { kernelMachine } from './kernel-sample.ts';
import { nestedMachine, parallelMachine, selfishMachine } from './samples.ts';

const nested = chartGraphOf(nestedMachine);
const parallel = chartGraphOf(parallelMachine);
const samples = [nestedMachine, parallelMachine, kernelMachine, selfishMachine].map(chartGraphOf);

function edgesFrom(graph: ChartGraph, source: string): readonly ChartEdge[] {
  return graph.edges.filter((edge) => edge.source === source);
}

function linesFrom(graph: ChartGraph, source: string): readonly string[] {
  return edgesFrom(graph, source).map((edge) => `${edgeText(edge)} > ${edge.targets.join(' ')}`.trimEnd());
}

describe('the graph of a chart', () => {
  it('has every always transition, which the graph of XState leaves out', () => {
    expect(linesFrom(nested, 'player.playing.checking')).toEqual([
      'always [not isScratched and hasDisc] > player.playing.reading',
      'always [else] > player.broken',
    ]);
  });

  it('starts every compound state at a dot that leads to its initial state', () => {
    const dots = nested.nodes.filter((node) => node.kind === 'initial');
    expect(dots.map((dot) => [dot.parent, edgesFrom(nested, dot.id)[0]?.targets])).toEqual([
      ['player', ['player.stopped']],
      ['player.playing', ['player.playing.checking']],
    ]);
    expect(nested.nodes.find((node) => node.id === 'player.playing')?.initialChild).toBe(
      'player.playing.checking',
    );
  });

  it('gives a parallel state its regions and no dot', () => {
    const up = parallel.nodes.find((node) => node.id === 'console.up');
    expect(up).toMatchObject({
      kind: 'parallel',
      initialChild: null,
      children: ['console.up.screen', 'console.up.serial'],
    });
    expect(parallel.nodes.some((node) => node.kind === 'initial' && node.parent === 'console.up')).toBe(
      false,
    );
  });

  it('keeps a transition into several regions as one edge with several targets', () => {
    expect(edgesFrom(parallel, 'console.suspended').map((edge) => edge.targets)).toEqual([
      ['console.up.screen.blank', 'console.up.serial.open'],
    ]);
  });

  it('writes what XState calls xstate.after and xstate.done in words, with the delay by its name', () => {
    expect(linesFrom(nested, 'player.playing')).toEqual([
      'disc.stop > player.stopped',
      'done > player.stopped',
    ]);
    expect(linesFrom(nested, 'player.playing.reading').at(-1)).toBe(
      'after patienceTimeout / log, openTray > player.broken',
    );
    expect(linesFrom(parallel, 'console.up.screen.blank.dim')).toEqual([
      'after 2000 ms > console.up.screen.blank.dark',
    ]);
  });

  it('tells apart internal transitions, self-transitions and events that are taken and ignored', () => {
    expect(linesFrom(nested, 'player')).toContain('ping / log >');
    expect(edgesFrom(nested, 'player.playing.reading')[0]).toMatchObject({
      targets: ['player.playing.reading'],
      reenter: true,
    });
    expect(linesFrom(selfishMachineGraph(), 'selfish.outer')).toContain('stay / nothing >');
  });

  it('shows the actions that were written, without the timers that XState adds', () => {
    const reading = nested.nodes.find((node) => node.id === 'player.playing.reading');
    expect([reading?.entry, reading?.exit]).toEqual([[], []]);
    expect(nested.nodes.find((node) => node.id === 'player.playing')?.entry).toEqual(['spinUp']);
  });

  it('carries meta, tags and description as they are', () => {
    const graph = chartGraphOf(
      createMachine({ id: 'm', tags: ['frozen'], description: 'why', meta: { function: 'f', lines: ['a'] } }),
    );
    expect(graph.nodes[0]).toMatchObject({
      tags: ['frozen'],
      description: 'why',
      meta: { function: 'f', lines: ['a'] },
    });
  });

  it.each(samples.map((graph) => [graph.root, graph] as const))(
    'gives %s ids that occur once, and survives JSON',
    (_root, graph) => {
      const ids = [...graph.nodes, ...graph.edges].map((each) => each.id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(JSON.parse(JSON.stringify(graph))).toEqual(withoutUndefined(graph));
    },
  );

  it('is the same each time it is made', () => {
    expect(chartGraphOf(kernelMachine)).toEqual(chartGraphOf(kernelMachine));
  });
});

describe('the text of an edge', () => {
  const machine = setup({
    guards: { hot: () => true, tookLongerThan: (_: unknown, _limit: { limitMs: number }) => true },
    actions: {
      note: (_: unknown, _what: { text: string }) => undefined,
      tell: (_: unknown, _what: { to: string; message: { type: string; purpose: string } }) => undefined,
    },
  }).createMachine({
    id: 'm',
    initial: 'a',
    states: {
      a: {
        on: {
          combined: {
            guard: and([or(['hot', not('hot')]), { type: 'tookLongerThan', params: { limitMs: 5 } }]),
            target: 'b',
          },
          placed: { guard: stateIn('#m.b'), target: 'b' },
          inline: { guard: () => true, target: 'b', actions: () => undefined },
          acting: { actions: [{ type: 'note', params: { text: 'x' } }, emit({ type: 'told' })] },
          telling: {
            actions: { type: 'tell', params: { to: 'a', message: { type: 'load.ask', purpose: 'jump' } } },
          },
        },
      },
      b: {},
    },
  });

  it('names guards, with brackets where not, and, or need them, and parameters', () => {
    expect(linesFrom(chartGraphOf(machine), 'm.a')).toEqual([
      'combined [(hot or not hot) and tookLongerThan(limitMs: 5)] > m.b',
      'placed [in #m.b] > m.b',
      'inline [inline guard] / inline action > m.b',
      'acting / note(x), emit told >',
      'telling / tell(a, load.ask(jump)) >',
    ]);
  });

  it('counts names that end in failed or timedOut, and delays named after what they guard against, as failures', () => {
    const styles = new Map(nested.edges.map((edge) => [edge.id, edgeStyle(edge)]));
    expect(styles.get('player.playing.reading:track.failed:0')).toBe('failure');
    expect(styles.get('player.playing.reading:@after.patienceTimeout:0')).toBe('failure');
    const pauses = parallel.edges.filter((edge) => edge.trigger.type === 'after').map(edgeStyle);
    expect(pauses).toEqual(['delay']);
    expect(styles.get('player.playing.checking:@always:0')).toBe('always');
    expect(styles.get('player.playing:@done:0')).toBe('done');
    expect(styles.get('player.stopped:disc.play:0')).toBe('event');
  });
});

function selfishMachineGraph(): ChartGraph {
  return chartGraphOf(selfishMachine);
}

/** JSON has no undefined; a state without meta has none after a round trip. */
function withoutUndefined(graph: ChartGraph): unknown {
  return {
    ...graph,
    nodes: graph.nodes.map(({ meta, ...node }) => (meta === undefined ? node : { ...node, meta })),
  };
}
