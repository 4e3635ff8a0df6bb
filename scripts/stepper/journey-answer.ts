/** What a journey is answered with: why it stopped, how far it went, and the step that led to where it stopped. */
import { storyLine } from '../../machines/system/story.ts';
import type { StepRecord } from '../../machines/system/world.ts';
import type { Answer } from './answer.ts';
import { endingLines, endingOf } from './ending.ts';
import { cut } from './hanging.ts';
import type { Journey } from './journey.ts';
import type { Look, Session } from './session.ts';
import { stepData } from './step-data.ts';
import { headLine, shownStepLines } from './step-lines.ts';

/** Of many steps the last ones are told. */
const toldSteps = 12;

export function journeyAnswer(session: Session, journey: Journey): Answer {
  const { stepCount, reasons, edge, direction } = journey;
  const { look } = session;
  return {
    lines: [
      ...reasons.map((reason) => look.paint('yellow', reason)),
      ...(stepCount > 1
        ? [look.paint('dim', `${direction === 'onwards' ? 'over' : 'back over'} ${stepCount} steps`)]
        : []),
      ...(edge === 'start' || (edge === 'end' && stepCount === 0) ? [] : shownStepLines(session)),
      ...edgeLines(session, journey),
    ],
    data: journeyData(session, journey),
  };
}

/** So many steps, each in a line. */
export function listAnswer(session: Session, journey: Journey, records: readonly StepRecord[]): Answer {
  const { look } = session;
  const told = records.slice(-toldSteps);
  const left = records.length - told.length;
  return {
    lines: [
      ...(left > 0 ? [look.paint('dim', `${left} steps before these`)] : []),
      ...told.map((record) => cut(storyLine(record), look.columns())),
      ...edgeLines(session, journey),
    ],
    data: journeyData(session, journey),
  };
}

/** Going back by one step tells the step that is undone, then the one that led here. */
export function undoneLine(record: StepRecord, look: Look): string {
  return look.paint('dim', `undone:${headLine(record, { ...look, paint: (_style, text) => text })}`);
}

const journeyData = (session: Session, { stepCount, reasons, edge }: Journey) => ({
  steps: stepCount,
  reasons,
  ...(edge !== undefined && { edge }),
  ...(edge === 'end' && { ending: endingOf(session) }),
  ...(session.record && { last: stepData(session.record) }),
});

function edgeLines(session: Session, { edge, stepCount }: Journey): readonly string[] {
  if (edge === 'end') return endingLines(session);
  if (edge !== 'start') return [];
  const told = stepCount === 0 ? 'there is nothing before it' : 'nothing has happened yet';
  return [session.look.paint('bold', `at the start: ${told}`)];
}
