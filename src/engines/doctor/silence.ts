import { explainSilence } from '../gone.ts';
import { type Finding, failedBy, type Patient, skipped } from './finding.ts';

/** Nothing answers: a fault where an engine was started, and else only the state before `up`. */
export async function gone(patient: Patient, detail: string): Promise<Finding> {
  const { endpoint, home, env, now } = patient;
  const why = await explainSilence(endpoint, home, env, now);
  if (why !== undefined) return failedBy('engine', why);
  return skipped('engine', `none answers at ${endpoint}: ${detail}`, 'cliffracer up');
}
