/** `--list`: what is registered, by kind. New registries are one line here. */
import { codecs } from '../../image/codecs/index.ts';
import { imageFormats } from '../../image/formats/index.ts';
import { deviceTypes } from '../../kernels/devices/index.ts';
import { workloads } from '../../kernels/workloads/index.ts';
import { charts } from '../../machines/charts.ts';
import { faults } from '../../machines/faults/index.ts';
import { laws } from '../../machines/laws/index.ts';
import { planOf } from '../../machines/options/plan-of.ts';
import { paths } from '../../machines/paths/index.ts';
import { quirks } from '../../machines/quirks/index.ts';
import { scenarios } from '../../machines/scenarios/index.ts';
import { boxOptionsOf, dumpFormats, codecs as runCodecs } from './box-options.ts';
import { exitCodes, type Io } from './io.ts';
import { wrap } from './wrap.ts';

type Entry = { readonly name: string; readonly about: string; readonly places?: number };

export function listRegistered(asJson: boolean, io: Io): number {
  const kinds = registered();
  if (asJson) io.out.write(`${JSON.stringify(kinds, null, 2)}\n`);
  else
    io.out.write(
      Object.entries(kinds)
        .map(([kind, entries]) => textOf(kind, entries, io))
        .join('\n'),
    );
  return exitCodes.well;
}

function registered(): Readonly<Record<string, readonly Entry[]>> {
  const plan = planOf(boxOptionsOf({}));
  return {
    paths: paths.map(({ name, about }) => ({ name, about })),
    variants: paths.flatMap((path) =>
      path.variants.map(({ name, about }) => ({ name: `${path.name} ${name}`, about })),
    ),
    workloads: workloads.map(({ name, about }) => ({ name, about })),
    devices: deviceTypes.map(({ role, about }) => ({ name: role, about })),
    faults: faults.map(({ name, about, places }) => ({ name, about, places: places(plan).length })),
    quirks: quirks.map(({ name, of, about }) => ({ name, about: `${of}: ${about}` })),
    scenarios: scenarios.map(({ name, about }) => ({ name, about })),
    laws: laws.map(({ name, says }) => ({ name, about: says })),
    formats: imageFormats.map(({ name, describe, write }) => ({
      name,
      about: `${describe}${takenBy({
        'run --format': dumpFormats.some((each) => each === name),
        'image convert --to': write !== undefined,
      })}`,
    })),
    codecs: Object.values(codecs).map(({ name, describe }) => ({
      name,
      about: `${describe}${takenBy({ 'run --codec': runCodecs.some((each) => each === name), 'image convert --codec': true })}`,
    })),
    charts: Object.keys(charts).map((name) => ({ name, about: 'visualize chart' })),
  };
}

/** Which options take the name, behind what it is. */
function takenBy(options: Readonly<Record<string, boolean>>): string {
  const taken = Object.keys(options).filter((option) => options[option] === true);
  return taken.length === 0 ? '' : ` (${taken.join(', ')})`;
}

const nameColumns = 26;

function textOf(kind: string, entries: readonly Entry[], { out }: Io): string {
  const width = Math.max(40, Math.min(out.columns, 120) - nameColumns);
  const lines = entries.flatMap(({ name, about, places }) => {
    const counted =
      places === undefined
        ? about
        : `${about} (${places} ${places === 1 ? 'place' : 'places'} in the default box)`;
    const [first = '', ...rest] = wrap(counted, width);
    return [
      `  ${name.padEnd(nameColumns - 3)} ${first}`,
      ...rest.map((line) => ' '.repeat(nameColumns) + line),
    ];
  });
  return `${out.paint('bold', kind)}\n${lines.join('\n')}${entries.length === 0 ? '  none' : ''}\n`;
}
