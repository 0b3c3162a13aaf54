import { isUnknownOperation } from '../aws/unknown-operation.ts';
import { CliffracerError } from '../errors.ts';
import { AREAS, type Area, type Behaviour, differs, missing, type Trial, type Verdict } from './behaviour.ts';
import { LOG_EVENTS } from './log-events.ts';
import { METRICS } from './metrics.ts';
import { OBJECTS } from './objects.ts';
import { QUEUES } from './queues.ts';
import { SHOP } from './shop.ts';
import { TABLES } from './tables.ts';
import { TOPICS } from './topics.ts';

const BY_AREA: Readonly<Record<Area, readonly Omit<Behaviour, 'area'>[]>> = {
  SQS: QUEUES,
  SNS: TOPICS,
  DynamoDB: TABLES,
  S3: OBJECTS,
  CloudWatch: METRICS,
  Logs: LOG_EVENTS,
  shop: SHOP,
};

/** Everything that engines are compared by, in the order in which tables show it. */
export const BEHAVIOURS: readonly Behaviour[] = AREAS.flatMap((area) =>
  BY_AREA[area].map((behaviour) => ({ ...behaviour, area })),
);

export interface Finding {
  id: string;
  area: Area;
  does: string;
  source: string;
  verdict: 'as_aws' | 'differs' | 'missing';
  detail: string;
  duration_ms: number;
}

/** Tries one behaviour after the other, each under a name of its own. */
export async function* tryAll(
  behaviours: readonly Behaviour[],
  trialOf: (behaviour: Behaviour) => Trial,
  signal: AbortSignal,
): AsyncGenerator<Finding> {
  for (const behaviour of behaviours) {
    if (signal.aborted) return;
    const trial = trialOf(behaviour);
    const started = trial.clock.now();
    const verdict = await judge(behaviour, trial);
    const { id, area, does, source } = behaviour;
    yield { ...{ id, area, does, source }, ...worded(verdict), duration_ms: trial.clock.now() - started };
  }
}

async function judge(behaviour: Behaviour, trial: Trial): Promise<Verdict> {
  try {
    return await behaviour.run(trial);
  } catch (error) {
    const text = firstLine(error);
    // Without an engine there is nothing to find out; one call that hangs is a finding.
    if (error instanceof CliffracerError && error.code === 'engine_unreachable' && !/in time/.test(text)) throw error;
    return isUnknownOperation(error, 'aws') ? missing(text) : differs(text);
  }
}

function worded(verdict: Verdict): Pick<Finding, 'verdict' | 'detail'> {
  if (verdict === 'as AWS') return { verdict: 'as_aws', detail: '' };
  return 'differs' in verdict
    ? { verdict: 'differs', detail: verdict.differs }
    : { verdict: 'missing', detail: verdict.missing };
}

const LONGEST_DETAIL = 200;

function firstLine(error: unknown): string {
  const text = (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]!;
  return text.length > LONGEST_DETAIL ? `${text.slice(0, LONGEST_DETAIL)}...` : text;
}
