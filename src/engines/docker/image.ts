import type { ContainerCli } from './cli.ts';
import { inspectImage } from './daemon.ts';
import { containerFailure } from './failures.ts';

/** An image of a gigabyte over a slow line. */
const PULL_TIMEOUT_MS = 30 * 60_000;

/** Has the image on this machine, pulling it when it is not; `tell` says how far that is. */
export async function ensureImage(
  cli: ContainerCli,
  image: string,
  options: { tell(text: string, takesLong?: boolean): void; signal: AbortSignal },
): Promise<void> {
  if ((await inspectImage(cli, image)) !== undefined) return;
  const layers = new Map<string, boolean>();
  options.tell(`Pulling ${image}`, true);
  const result = await cli.run(['pull', image], {
    timeoutMs: PULL_TIMEOUT_MS,
    signal: options.signal,
    onLine(line) {
      const [, layer, state] = /^([0-9a-f]{6,}): (.+)$/.exec(line.trim()) ?? [];
      if (layer === undefined) return;
      layers.set(layer, /^(Pull complete|Already exists)/.test(state!));
      const done = [...layers.values()].filter(Boolean).length;
      options.tell(`Pulling ${image}: ${done} of ${layers.size} layers`);
    },
  });
  if (result.code !== 0) throw containerFailure(cli, `pulling ${image}`, result);
}
