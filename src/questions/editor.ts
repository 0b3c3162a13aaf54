import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from '../app.ts';
import type { Environment } from '../environment.ts';
import { safe } from '../views/text.ts';

/** Lets the person edit a text in the editor of VISUAL or EDITOR. Undefined when the editor failed, which is said. */
export async function edited(app: App, text: string): Promise<string | undefined> {
  const directory = await mkdtemp(join(tmpdir(), 'cliffracer-'));
  const file = join(directory, 'body.json');
  try {
    await writeFile(file, text, { mode: 0o600 });
    const editor = editorOf(app.env);
    // As git runs it: the setting may hold arguments.
    const code = await app.system.run('sh', ['-c', `${editor} "$1"`, editor, file], variables(app.env));
    if (code !== 0) {
      await app.print.note(code, (ended, { paint }) =>
        paint.yellow(safe(`${editor} ended with ${ended}: nothing was edited`)),
      );
      return undefined;
    }
    const changed = await readFile(file, 'utf8');
    // Editors end a text with a line break.
    return changed.endsWith('\n') && !text.endsWith('\n') ? changed.slice(0, -1) : changed;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const editorOf = ({ VISUAL, EDITOR }: Environment): string => VISUAL || EDITOR || 'vi';

const variables = (env: Environment): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
