import type { Environment } from '../environment.ts';
import { CliffracerError, type ErrorCode } from '../errors.ts';
import { ENGINE_NAMES, type EngineKind } from './kinds.ts';
import { FREE_PORT } from './ports.ts';

/** How many of an engine's last lines are shown when it has ended. */
export const SHOWN_LINES = 20;

/** LocalStack's own code for a licence that could not be activated. */
const NO_LICENCE = 55;

const ALTERNATIVES = 'the last image without an account: --image localstack/localstack:4.14.0; or --engine embedded';

/** The error for an engine that ended by itself, with the reason from its log. `details` are its last lines without secrets. */
export function engineExited(
  kind: EngineKind,
  what: string,
  code: number | string | undefined,
  log: readonly string[],
  env: Environment,
): CliffracerError {
  const details = log.slice(-SHOWN_LINES).map((line) => withoutSecrets(line, env));
  const how = typeof code === 'number' ? `exit code ${code}` : (code ?? 'no exit code');
  const text = details.join('\n');
  const licence = code === NO_LICENCE || /license activation failed/i.test(text);
  const [error, cause, hint] = licence ? licenceProblem(text, env) : otherProblem(kind, text);
  const message = `${ENGINE_NAMES[kind]} ended by itself (${what}, ${how})${cause === '' ? '' : `: ${cause}`}`;
  return new CliffracerError(error, message, { hint, details });
}

type Problem = [ErrorCode, string, string];

/** What counts is what was given: LocalStack says `No credentials were found` of a token that it did not take, too. */
function licenceProblem(text: string, env: Environment): Problem {
  const given = ['LOCALSTACK_AUTH_TOKEN', 'LOCALSTACK_API_KEY'].find((name) => env[name]);
  if (given === undefined) {
    return [
      'token_missing',
      'this image needs a LocalStack account, and neither LOCALSTACK_AUTH_TOKEN nor the older LOCALSTACK_API_KEY is set',
      `set LOCALSTACK_AUTH_TOKEN; or ${ALTERNATIVES}`,
    ];
  }
  if (/expired|no longer valid|has ended/i.test(text)) {
    return ['token_expired', `the licence of ${given} has expired`, `renew it; or ${ALTERNATIVES}`];
  }
  const older = given === 'LOCALSTACK_API_KEY';
  return [
    'token_rejected',
    older ? 'LOCALSTACK_API_KEY was not accepted, and LOCALSTACK_AUTH_TOKEN is not set' : `${given} was not accepted`,
    older
      ? `set LOCALSTACK_AUTH_TOKEN, which took its place; or ${ALTERNATIVES}`
      : `check the token, and that LocalStack's licence server can be reached; or ${ALTERNATIVES}`,
  ];
}

function otherProblem(kind: EngineKind, text: string): Problem {
  if (/address already in use|port .*(already )?in use|EADDRINUSE/i.test(text)) {
    return ['port_taken', 'its port is taken', FREE_PORT];
  }
  if (/exec format error/i.test(text)) {
    return ['image_architecture', 'the image is not made for this processor', 'give another image with --image'];
  }
  if (/no space left on device/i.test(text)) return ['disk_full', 'the disk is full', 'make room, then cliffracer up'];
  return ['engine_exited', '', kind === 'embedded' ? 'cliffracer up' : `cliffracer up --engine ${kind}`];
}

const SECRETS = ['LOCALSTACK_AUTH_TOKEN', 'LOCALSTACK_API_KEY', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];

/** A line of an engine's log, with every secret of ours that it may quote taken out. */
export function withoutSecrets(line: string, env: Environment): string {
  return SECRETS.reduce((text, name) => {
    const secret = env[name];
    return secret && secret.length >= 4 ? text.replaceAll(secret, '***') : text;
  }, line);
}
