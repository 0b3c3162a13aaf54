import { CliffracerError } from '../../errors.ts';
import { engineExited, SHOWN_LINES } from '../exit-diagnosis.ts';
import { removeRecord, writeRecord } from '../home.ts';
import { containerName, draftRecord, type Launch, type LaunchOptions } from '../launch.ts';
import type { ContainerCli } from './cli.ts';
import {
  containerLog,
  inspectContainer,
  removeContainer,
  runContainer,
  stopContainer,
  waitForEnd,
} from './container.ts';
import { ensureImage } from './image.ts';

/** Starts an engine in a container of ours, published on loopback. */
export async function startContainer(cli: ContainerCli, options: LaunchOptions): Promise<Launch> {
  const { spec, port, home, instance, env, signal, tell } = options;
  const image = options.image ?? spec.container.image;
  const name = containerName(options);
  await clearName(cli, name, port);
  await ensureImage(cli, image, { tell, signal });
  tell(`Starting ${image}`);
  const record = { ...draftRecord(options), container: { runtime: cli.runtime, name, image } };
  // First the record: a container without one would be nobody's, if we were killed between the two.
  await writeRecord(home, record);
  const abandon = async () => {
    await stopContainer(cli, name).finally(() => removeRecord(home, record));
  };
  try {
    await runContainer(cli, {
      ...{ name, instance, image, port, containerPort: spec.container.port },
      settings: spec.container.settings(port),
      passed: spec.container.passed.filter((variable) => env[variable]),
    });
  } catch (error) {
    await removeRecord(home, record);
    throw error;
  }
  const watch = new AbortController();
  const ended = waitForEnd(cli, name, watch.signal).then(async (code): Promise<never> => {
    if (watch.signal.aborted) return new Promise<never>(() => {});
    const lines = await containerLog(cli, name, SHOWN_LINES).catch(() => []);
    throw engineExited(spec.kind, `container ${name}`, code, lines, env);
  });
  ended.catch(() => undefined);
  return { record, ended, release: () => watch.abort(), abandon };
}

/** Removes what a killed run of ours left at the name; refuses a container that is not ours, or that runs. */
async function clearName(cli: ContainerCli, name: string, port: number): Promise<void> {
  const present = await inspectContainer(cli, name);
  if (present === undefined) return;
  if (present.instance === '') {
    throw new CliffracerError('name_taken', `a container that is not cliffracer's is called ${name}`, {
      hint: `${cli.runtime} rename ${name} another-name; or cliffracer up --port ${port + 1}`,
    });
  }
  if (present.status === 'running') {
    throw new CliffracerError('engine_unhealthy', `the container ${name} runs, and does not answer on port ${port}`, {
      hint: `cliffracer down --port ${port}; or ${cli.runtime} rm -f ${name}`,
    });
  }
  await removeContainer(cli, name);
}
