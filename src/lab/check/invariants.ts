import { plainValue } from '../calls/changes.ts';
import { type EndState, jsonIn } from './cells.ts';

// biome-ignore lint/suspicious/noExplicitAny: the user knows what is in the documents, and reads it without a cast.
type Plain = any;

/** An end as the user's functions see it: plain values, JSON read. */
export interface InvariantWorld {
  /** Table -> its items. */
  tables: Record<string, Record<string, Plain>[]>;
  /** Bucket -> key -> content: what its JSON holds, else its text; null for what is large or no text. */
  objects: Record<string, Record<string, Plain>>;
  /** Queue -> bodies of its messages: what their JSON holds, else their text. */
  queues: Record<string, Plain[]>;
}

/** Holds unless it throws, or answers false or a text that says why not. */
export type Invariant = (world: InvariantWorld) => unknown;

export interface Violation {
  /** Name of the function. */
  invariant: string;
  why: string;
}

export async function violationsOf(
  invariants: Readonly<Record<string, Invariant>>,
  state: EndState,
): Promise<Violation[]> {
  const violations: Violation[] = [];
  for (const [invariant, holds] of Object.entries(invariants)) {
    const why = await whyNot(holds, invariantWorld(state));
    if (why !== undefined) violations.push({ invariant, why });
  }
  return violations;
}

async function whyNot(holds: Invariant, world: InvariantWorld): Promise<string | undefined> {
  try {
    const answer = await holds(world);
    if (answer === false) return 'it answered false';
    if (typeof answer === 'string' && answer !== '') return answer;
    return Array.isArray(answer) && answer.length > 0 ? answer.map(String).join('; ') : undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const mapped = <T, U>(record: Record<string, T>, change: (value: T) => U): Record<string, U> => {
  const made: Record<string, U> = Object.create(null);
  for (const [name, value] of Object.entries(record)) made[name] = change(value);
  return made;
};

const invariantWorld = ({ tables, buckets, queues }: EndState): InvariantWorld => ({
  tables: mapped(tables, (items) =>
    Object.values(items).map((item) => plainValue({ M: item }) as Record<string, Plain>),
  ),
  objects: mapped(buckets, (objects) => mapped(objects, ({ text }) => (text === null ? null : jsonIn(text)))),
  queues: mapped(queues, (messages) => messages.map(({ body }) => jsonIn(body))),
});
