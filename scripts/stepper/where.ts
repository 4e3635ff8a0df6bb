/** Where the session stands, in one line for people and as data for programs. */
import { kernelNames } from '../../kernels/machine.ts';
import type { World } from '../../machines/system/world.ts';
import type { Data } from './answer.ts';
import { firstBranch, type Session } from './session.ts';
import { stateOf } from './snapshot-of.ts';
import { timeText } from './time-text.ts';

/** The actors that tell the story; drivers of devices follow their kernel. */
const mainActors = ['operator', 'firmware', ...kernelNames] as const;
/** C is in the boxes only that are switched off. */
export const mainActorsIn = ({ actors }: World) => mainActors.filter((name) => actors[name] !== undefined);
export const isMainActor = (name: string): boolean => mainActors.some((actor) => actor === name);

/** `step 41 of main, 0.431005 s, original executes: operator jumping, firmware off, original kexec.leaving, dump absent` */
export function whereLine(session: Session): string {
  const { world, branch, turnsSeen, record } = session;
  const turn = turnsSeen === undefined ? '' : `, turn ${turnsSeen} of ${record?.turns.length ?? 0}`;
  const name = branch === firstBranch ? '' : ` of ${branch}`;
  const states = Object.entries(mainStates(world)).map(([actor, state]) => `${actor} ${state}`);
  const { owner } = world.machine;
  return `step ${world.step}${turn}${name}, ${timeText(world.clock.nowNs)} s, ${owner} executes: ${states.join(', ')}`;
}

export function whereData(session: Session): Data {
  const { world, branch, turnsSeen } = session;
  const { owner } = world.machine;
  return {
    ...placeData(session),
    ...(turnsSeen !== undefined && { turn: turnsSeen }),
    branch,
    owner,
    states: mainStates(world),
  };
}

export const placeData = ({ world }: Session): Data => ({ step: world.step, timeNs: world.clock.nowNs });

const mainStates = (world: World): Readonly<Record<string, string>> =>
  Object.fromEntries(mainActorsIn(world).map((name) => [name, stateOf(world, name)]));
