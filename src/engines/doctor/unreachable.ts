import { diagnoseUnreachable } from '../unreachable-diagnosis.ts';
import { type DoctorContext, type Finding, failedBy, skipped } from './finding.ts';

/** Nothing responds: failed when an engine was started there, else skipped. */
export async function unreachable(context: DoctorContext, detail: string): Promise<Finding> {
  const { endpoint, home, env, now } = context;
  const why = await diagnoseUnreachable(endpoint, home, env, now);
  if (why !== undefined) return failedBy('engine', why);
  return skipped('engine', `none answers at ${endpoint}: ${detail}`, 'cliffracer up');
}
