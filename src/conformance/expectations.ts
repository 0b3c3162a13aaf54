import { isDeepStrictEqual } from 'node:util';
import { awsCodeOf, awsErrorOf } from '../aws/errors.ts';
import { AS_AWS, differs, type Trial, type Verdict } from './behaviour.ts';

const show = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));

/** `what` is the subject of the sentence that tells the difference. */
export function same(what: string, got: unknown, wanted: unknown): Verdict {
  return isDeepStrictEqual(got, wanted) ? AS_AWS : differs(`${what} is ${show(got)}, not ${show(wanted)}`);
}

/** The first that is not as AWS. */
export const all = (...verdicts: readonly Verdict[]): Verdict => verdicts.find((each) => each !== AS_AWS) ?? AS_AWS;

/** By which code a call is refused; undefined when it is not. Rejects on whatever is no answer of the service. */
export async function refusalOf(call: Promise<unknown>): Promise<string | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    const code = awsCodeOf(error);
    const status = awsErrorOf(error)?.$metadata?.httpStatusCode ?? 0;
    if (code === undefined || status >= 500) throw error;
    return code;
  }
}

/** The call must be refused, by one of these codes: some are called differently by AWS's older protocols. */
export async function refused(call: Promise<unknown>, ...codes: readonly string[]): Promise<Verdict> {
  const code = await refusalOf(call);
  if (code === undefined) return differs('accepted');
  return codes.includes(code) ? AS_AWS : differs(`refused as ${code}, not ${codes[0]}`);
}

const PAUSE_MS = 50;

/** Asks again until there is an answer, as clients of AWS have to; undefined when there is none in time. */
export async function until<T>(
  { clock }: Pick<Trial, 'clock'>,
  ask: () => Promise<T | undefined>,
  limitMs = 5_000,
): Promise<T | undefined> {
  for (let waited = 0; ; waited += PAUSE_MS) {
    const answer = await ask();
    if (answer !== undefined || waited >= limitMs) return answer;
    await clock.sleep(PAUSE_MS);
  }
}
