import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { CliffracerError } from '../errors.ts';
import { parseSettings } from './settings-json.ts';
import { SETTINGS, type SettingName, settingFault } from './settings-schema.ts';

export const PROJECT_FILE = 'cliffracer.config.json';

/** A project's settings, and where each stands. */
export interface ProjectFile {
  path: string;
  values: ReadonlyMap<SettingName, { value: string; line: number }>;
}

/** The nearest project file, from the working directory up to the root of its repository. */
export function findProjectFile(cwd: string): string | undefined {
  for (let directory = cwd; ; directory = dirname(directory)) {
    const file = join(directory, PROJECT_FILE);
    if (existsSync(file)) return file;
    if (existsSync(join(directory, '.git')) || dirname(directory) === directory) return undefined;
  }
}

/** Reads and checks the project file. Throws `invalid_config`, naming file and line. */
export function readProjectFile(cwd: string): ProjectFile | undefined {
  const path = findProjectFile(cwd);
  if (path === undefined) return undefined;
  const shown = relative(cwd, path);
  const refuse = (line: number, why: string) =>
    new CliffracerError('invalid_config', `${shown}:${line}: ${why}`, {
      hint: `mend line ${line} of ${shown}; cliffracer config show tells what each setting may be`,
    });
  const values = new Map<SettingName, { value: string; line: number }>();
  for (const { key, value, line } of parseSettings(readText(path, shown), refuse)) {
    if (key === '$schema') continue;
    const setting = SETTINGS.find(({ name }) => name === key);
    if (setting === undefined) {
      throw refuse(
        line,
        `there is no setting ${JSON.stringify(key)}; there are ${SETTINGS.map(({ name }) => name).join(', ')}`,
      );
    }
    if (values.has(setting.name)) throw refuse(line, `${key} is set twice`);
    const given = setting.number ? value : String(value);
    const fault =
      typeof value !== (setting.number ? 'number' : 'string') ? setting.wants : settingFault(setting, String(given));
    if (fault !== undefined) throw refuse(line, `${key} must be ${fault}, not ${JSON.stringify(value)}`);
    values.set(setting.name, { value: String(given), line });
  }
  const port = values.get('port');
  if (port !== undefined && values.has('endpoint_url'))
    throw refuse(port.line, 'port and endpoint_url both say where the engine is');
  return { path, values };
}

const LARGEST = 256 * 1024;

function readText(path: string, shown: string): string {
  const refuse = (why: string, cause?: unknown) =>
    new CliffracerError('invalid_config', `${shown} cannot be read: ${why}`, {
      hint: `make ${shown} readable, or remove it`,
      cause,
    });
  let found: ReturnType<typeof statSync>;
  try {
    found = statSync(path);
    // A FIFO would be waited for, and no signal heeded meanwhile.
    if (found.isFile() && found.size <= LARGEST) return readFileSync(path, 'utf8');
  } catch (error) {
    throw refuse((error as Error).message, error);
  }
  throw refuse(found.isFile() ? `it is larger than ${LARGEST / 1024} KiB` : 'it is not a regular file');
}
