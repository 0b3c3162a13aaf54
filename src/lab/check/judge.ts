import { differencesOf, type EndDifference } from './compare.ts';
import { type Invariant, type Violation, violationsOf } from './invariants.ts';
import type { Mask } from './mask.ts';
import type { RunResult, Stuck } from './model.ts';
import type { Case } from './plan.ts';
import { brokenIn, withoutPoison } from './poison.ts';

/** What is wrong with an end; all empty when it is what it has to be. */
export interface Judgement {
  differences: EndDifference[];
  violations: Violation[];
  stuck?: Stuck;
  swallowed?: true;
}

export const holds = ({ differences, violations, stuck, swallowed }: Judgement): boolean =>
  differences.length === 0 && violations.length === 0 && stuck === undefined && swallowed === undefined;

/** Compares the end of a case with an undisturbed one. */
export async function judge(
  each: Case,
  result: RunResult,
  { undisturbed, mask, invariants }: { undisturbed: RunResult; mask: Mask; invariants: Record<string, Invariant> },
): Promise<Judgement> {
  const { poison, experiment } = each;
  const { stuck } = result;
  const violations = await violationsOf(invariants, result.end);
  const about = { violations, ...(stuck !== undefined && { stuck }) };
  // Messages that change places add to lists in another order, and so does one that fails and comes again behind others.
  const anyOrder = experiment === 'order' || each.together === true || !isInOrder(result, undisturbed);
  const compare = (end: RunResult['end']) => differencesOf(undisturbed.end, end, mask, { anyOrder });
  if (poison === undefined) return { differences: compare(result.end), ...about };
  const { place, end } = withoutPoison(result, poison);
  const differences = compare(end);
  if (place !== 'gone') return { differences, ...about };
  if (!poison.isStrict) return { differences: brokenIn(differences), ...about };
  return isParked(differences, poison.body)
    ? { differences: [], ...about }
    : { differences, swallowed: true, ...about };
}

/** Whether the messages that both runs have came to their end one after the other as in the undisturbed one. */
function isInOrder({ deliveries }: RunResult, undisturbed: RunResult): boolean {
  const ended = (all: RunResult['deliveries']) =>
    new Set(all.filter(({ end }) => end === 'deleted').map(({ messageId }) => messageId));
  const [now, before] = [ended(deliveries), ended(undisturbed.deliveries)];
  const common = [...before].filter((id) => now.has(id));
  return [...now].filter((id) => before.has(id)).every((id, index) => id === common[index]);
}

/** Whether a consumer has put the message somewhere of its own, for somebody to look at. */
const isParked = (differences: readonly EndDifference[], body: string): boolean =>
  differences.length > 0 &&
  body !== '{}' &&
  differences.every(({ before }) => before === null) &&
  differences.some(({ key, after }) => [key, after].some((text) => text?.includes(JSON.stringify(body).slice(1, -1))));
