import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { App } from '../app.ts';
import type { ConsoleDeps } from '../console/server/deps.ts';
import { serveConsole } from '../console/server/server.ts';
import { engineDirectory } from '../engines/home.ts';
import { makePrivateDirectory } from '../engines/state-files.ts';
import { CliffracerError } from '../errors.ts';

/** How often the engine is told where the console is; it forgets after 30 seconds. */
const ANNOUNCE_MS = 10_000;
const KEY_BYTES = 24;

export interface RunningConsole {
  /** With the key behind `#`. */
  url: string;
  /** Opens it in a browser; false where none could be started. */
  open(): Promise<boolean>;
  /** Resolves when the program is to end, and nothing is open any more. */
  ended(): Promise<void>;
}

/** Serves the page; rejects with `port_taken` and `port_forbidden`. */
export async function startConsole(app: App, deps: ConsoleDeps, port: number): Promise<RunningConsole> {
  const html = await readFile(join(dirname(app.system.engineEntry), 'console.html'), 'utf8');
  const key = Buffer.from(app.system.bytes(KEY_BYTES)).toString('base64url');
  const server = await serveConsole({ port, html, key, deps }).catch((error) => {
    throw refusalOf(error as NodeJS.ErrnoException, port);
  });
  const address = `http://127.0.0.1:${server.port}/`;
  const url = `${address}#key=${key}`;
  const file = join(engineDirectory(app.home), `console-${server.port}.html`);
  return {
    url,
    open: () => open(app, file, url),
    async ended() {
      while (!app.signal.aborted) {
        // The engine may be away for a while.
        if (deps.about.laboratory === true) await deps.controls.announce(address).catch(() => {});
        await app.clock.sleep(ANNOUNCE_MS, app.signal);
      }
      await Promise.all([server.close(), rm(file, { force: true })]);
      if (deps.about.laboratory === true) await deps.controls.announce(undefined).catch(() => {});
    },
  };
}

function refusalOf(error: NodeJS.ErrnoException, port: number): unknown {
  const hint = 'cliffracer console --port 0';
  if (error.code === 'EADDRINUSE') return new CliffracerError('port_taken', `port ${port} is taken`, { hint });
  if (error.code !== 'EACCES') return error;
  return new CliffracerError('port_forbidden', `port ${port} may not be used by this user`, { hint });
}

const OPENERS: readonly (readonly [command: string, ...args: string[]])[] = [
  ['xdg-open'],
  ['open'],
  ['cmd.exe', '/c', 'start', ''],
];

/** By way of a file of the user's own: arguments of a program are seen by everybody on the machine, and the key is a secret. */
async function open({ system, env, home }: App, file: string, url: string): Promise<boolean> {
  await makePrivateDirectory(engineDirectory(home));
  const page = `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${url}"><title>cliffracer</title>\n`;
  await writeFile(file, page, { mode: 0o600 });
  const variables = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  for (const [command, ...args] of OPENERS) {
    const code = await system.run(command, [...args, file], variables).catch(() => undefined);
    if (code === 0) return true;
  }
  return false;
}
