import { elapsed } from '../../clock.ts';
import { CliffracerError } from '../../errors.ts';
import { fieldsOf } from '../../expression/parser.ts';
import { Mover } from './mover.ts';
import type { Moved, MoveEnd, RedriveDeps, RedriveOptions, RedriveReport, RedriveWay } from './redrive-facts.ts';

const AFTER_A_CRASH: Readonly<Record<RedriveWay, string>> = {
  move_task: 'the engine goes on by itself: a message may come twice, none is lost',
  receive_send_delete: 'a message may be in both queues and come twice, none is lost; the same command again goes on',
};

/** SQS API Reference, StartMessageMoveTask: the highest MaxNumberOfMessagesPerSecond. */
const HIGHEST_TASK_RATE = 500;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/**
 * Moves dead letters to a queue, mostly the one that they came from. The whole queue is moved by the engine where it can do
 * so. Whatever happens in between, a message is sent before it is deleted: it may come twice, as any message of SQS may,
 * and is never lost.
 */
export async function redrive(options: RedriveOptions, deps: RedriveDeps): Promise<RedriveReport> {
  const start = elapsed(deps.clock);
  const { queue, queues } = deps.from;
  const moved = (await moveByEngine(options, deps)) ?? (await new Mover(options, deps).run());
  const way = options.dryRun ? await wayOf(options, deps) : moved.way;
  const depth = await queues.depth(queue);
  const unknown = [...(options.where === undefined ? [] : fieldsOf(options.where))];
  const { fields = [], ...counts } = moved;
  return {
    queue,
    to: options.to,
    dry_run: options.dryRun === true,
    ...counts,
    way,
    remaining: depth.ready + depth.inFlight + depth.delayed,
    // Of no message nothing can be said.
    unknown_fields: counts.moved + counts.skipped === 0 ? [] : unknown.filter((field) => !fields.includes(field)),
    after_a_crash: AFTER_A_CRASH[way],
    duration_ms: elapsed(deps.clock) - start,
  };
}

const isForEngine = ({ source, labels, where, max, perSecond = 1 }: RedriveOptions): boolean =>
  source === undefined &&
  labels === undefined &&
  where === undefined &&
  max === undefined &&
  perSecond <= HIGHEST_TASK_RATE;

/** How it would go; an engine without move tasks cannot list any. */
async function wayOf(options: RedriveOptions, { from }: RedriveDeps): Promise<RedriveWay> {
  if (!isForEngine(options)) return 'receive_send_delete';
  return from.queues.moveProgress(from.queue).then(
    () => 'move_task',
    () => 'receive_send_delete',
  );
}

/** Undefined where the engine cannot do it, or not this. */
async function moveByEngine(
  options: RedriveOptions,
  { from: { queue, queues }, clock }: RedriveDeps,
): Promise<Moved | undefined> {
  const { to, perSecond, signal, onProgress } = options;
  if (options.dryRun || !isForEngine(options)) return undefined;
  const rate = perSecond === undefined ? {} : { perSecond };
  const handle = await queues.startMove(queue, to, rate);
  if (handle === undefined) return undefined;
  let cancelled = false;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    const { status, moved, reason = 'no reason given' } = (await queues.moveProgress(queue)) ?? GONE;
    onProgress?.(moved);
    if (status === 'failed') throw taskFailed(queue, moved, reason);
    if (status !== 'running') return byTask(moved, status === 'completed' ? 'done' : 'interrupted');
    if (signal?.aborted && !cancelled) {
      cancelled = true;
      // It may have ended by itself in the meantime, which its state tells.
      await queues.cancelMove(handle).catch(() => undefined);
    } else await clock.sleep(pause, cancelled ? undefined : signal);
  }
}

const GONE = { status: 'failed', moved: 0, reason: 'it is not listed any more' } as const;

const byTask = (moved: number, ended: MoveEnd): Moved => ({
  ...{ way: 'move_task', ended, moved, skipped: 0, failed: 0, failures: [], duplicates: 0, sample: [] },
});

function taskFailed(queue: string, moved: number, reason: string): CliffracerError {
  const message = `moving the messages of ${queue} failed after ${moved}: ${reason}`;
  return new CliffracerError('aws_error', message, { hint: { action: 'list_dead_letters', id: '' }, retryable: true });
}
