import type { Environment } from '../environment.ts';
import { findContainerCli } from './docker/cli.ts';
import { daemonMayRun, inspectImage } from './docker/daemon.ts';
import type { EngineKind } from './kinds.ts';
import { LOCALSTACK_IMAGE } from './localstack/spec.ts';

/** What `--engine auto` starts where no engine answers yet. */
export interface Choice {
  engine: EngineKind;
  why: string;
  /** How to get the other one. */
  advice?: string;
}

/** A daemon that takes longer is none to build on. */
const DAEMON_TIMEOUT_MS = 3_000;

const embedded = (why: string, advice: string): Choice => ({ engine: 'embedded', why, advice });

/**
 * LocalStack where Docker runs and nothing has to be asked for it: the image is there, or the token that pulls a current one
 * is. Else the embedded engine. Docker is asked only when files say that it may run.
 */
export async function chooseEngine(env: Environment, image = LOCALSTACK_IMAGE): Promise<Choice> {
  const cli = findContainerCli(env);
  const start = 'then cliffracer up --engine localstack';
  if (cli === undefined) return embedded('Docker is not installed', `for LocalStack: install Docker, ${start}`);
  if (!daemonMayRun(env)) return embedded('Docker does not run', `for LocalStack: start Docker, ${start}`);
  try {
    const present = (await inspectImage(cli, image, DAEMON_TIMEOUT_MS)) !== undefined;
    if (present) return { engine: 'localstack', why: `Docker runs, and has the image ${image}` };
    if (env.LOCALSTACK_AUTH_TOKEN) {
      return { engine: 'localstack', why: 'Docker runs, and LOCALSTACK_AUTH_TOKEN is set' };
    }
    return embedded(`Docker runs, without the image ${image}`, 'for LocalStack: cliffracer up --engine localstack');
  } catch {
    return embedded('Docker does not answer', `for LocalStack: start Docker, ${start}`);
  }
}
