import type { TablePort } from '../../ports.ts';
import type { Change, Service, StateKey } from '../../services/effects.ts';
import { type BatchState, slotOf } from './batch-state.ts';
import { CombinedChanges } from './combined-changes.ts';
import { isOutage } from './failure.ts';
import { KeyLanes } from './key-lanes.ts';
import { decide, fail, type MessageContext, written } from './message-context.ts';
import { failOrThrow } from './perform.ts';
import { toWrite } from './transaction.ts';

export interface WriteDeps {
  service: Service;
  /** With what `service.load` asks for, for all messages. */
  state: BatchState;
  tables: TablePort;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** How often a message is decided when writes conflict before it fails until its next delivery. */
const DECISIONS = 5;
/** TransactWriteItems takes 4 MB; records are about as large as the messages that they come from. */
const MOST_CHARACTERS = 1_000_000;

/** Messages decided one after the other, whose changes are written together or not at all. */
class Group {
  readonly changes = new CombinedChanges();
  readonly members: MessageContext[] = [];
  #characters = 0;

  add(context: MessageContext, changes: readonly Change[], state: BatchState): boolean {
    const { length } = context.message.body;
    if (this.members.length > 0 && this.#characters + length > MOST_CHARACTERS) return false;
    if (!this.changes.add(changes)) return false;
    this.#characters += length;
    this.members.push(context);
    for (const change of changes) state.assume(change);
    return true;
  }
}

/** What the service needs to know of the events in these messages. */
export const loadsOf = (contexts: readonly MessageContext[], service: Service): StateKey[] =>
  contexts.flatMap(({ parsed }) => ('event' in parsed ? service.load(parsed.event) : []));

/** What the messages touch: nothing else is read or written for them. */
export const keysOf = (contexts: readonly MessageContext[], service: Service): string[] =>
  loadsOf(contexts, service).map(({ table, id }) => slotOf(table, id));

/**
 * Decides about messages in their order, each by the changes of those before it, and writes in as few transactions as their
 * changes fit into. Where one is refused, each of its messages is loaded, decided and written by itself.
 */
export async function decideAndWrite(contexts: readonly MessageContext[], deps: WriteDeps): Promise<void> {
  let group = new Group();
  for (const context of contexts) {
    if (group.add(context, decided(context, deps), deps.state)) continue;
    await write(group, deps);
    group = new Group();
    if (!group.add(context, decided(context, deps), deps.state)) await alone(context, deps);
  }
  await write(group, deps);
}

/** The changes that a message asks for; none when the service fails. */
function decided(context: MessageContext, { service, state, now }: WriteDeps): Change[] {
  try {
    return decide(context, service, state.state, now());
  } catch (error) {
    failOrThrow(context, error);
    return [];
  }
}

async function write({ changes, members }: Group, deps: WriteDeps): Promise<void> {
  if (changes.all.length === 0) return;
  const { service, state, tables } = deps;
  try {
    const outcome = await tables.write(changes.all.map(toWrite));
    state.settle(outcome.written);
    if (outcome.written) return members.forEach(written);
  } catch (error) {
    state.settle(false);
    if (isOutage(error)) throw error;
    if (members.length === 1) return failOrThrow(members[0]!, error);
  }
  // All of them: what was decided on changes that were not made may be wrong.
  const lanes = new KeyLanes();
  await allEnded(members.map((context) => lanes.run(keysOf([context], service), () => alone(context, deps, 2))));
}

/**
 * Loads, decides and writes one message. A condition that does not hold means that the state was stale, perhaps because of
 * another delivery of the same event: it is loaded and decided again.
 */
async function alone(context: MessageContext, deps: WriteDeps, firstRound = 1): Promise<void> {
  const { service, state, tables, now } = deps;
  let conflict = '';
  try {
    for (let round = firstRound; round <= DECISIONS; round++) {
      await state.load(loadsOf([context], service));
      const changes = decide(context, service, state.state, now());
      if (changes.length === 0) return;
      const outcome = await tables.write(changes.map(toWrite));
      if (outcome.written) {
        for (const change of changes) state.apply(change);
        return written(context);
      }
      conflict = outcome.conflicts.map(({ label }) => label).join(', ');
    }
    const message = `${conflict} changed ${DECISIONS} times while it was decided`;
    fail(context, 'failed', { code: 'conflict', message });
  } catch (error) {
    failOrThrow(context, error);
  }
}

/** Resolves when all have ended, so that nothing goes on in the background; then rejects with the first error among them. */
async function allEnded<T>(tasks: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(tasks);
  return Promise.all(tasks);
}
