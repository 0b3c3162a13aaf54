import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { type Path, schemaFault } from '../config/check.ts';
import { parseLocated } from '../config/json-lines.ts';
import { MEMBERS } from '../config/schema.ts';
import type { Config } from '../config/types.ts';
import { CliffracerError } from '../errors.ts';
import { SETTINGS, type SettingName, settingFault } from './settings-schema.ts';

export const PROJECT_FILE = 'cliffracer.config.json';
/** The same as a module, whose default export counts. */
const PROJECT_FILES = [PROJECT_FILE, 'cliffracer.config.mjs', 'cliffracer.config.js', 'cliffracer.config.ts'];

/** A project's configuration, and where each of its members stands. */
export interface ProjectFile {
  path: string;
  /** Settings of the program; modules have no lines. */
  values: ReadonlyMap<SettingName, { value: string; line: number | undefined }>;
  /** Everything else in it. */
  members: Pick<Config, 'topology' | 'consumers' | 'scenario' | 'invariants' | 'correlate'>;
  /** An error that names the file, and the line where it is known. */
  refuse(path: Path, why: string): CliffracerError;
}

/** What loading a module needs of the program. */
export interface ModuleLoader {
  importModule(file: string): Promise<object>;
  nodeVersion: string;
}

/** The nearest project file, from the working directory up to the root of its repository. */
export function findProjectFile(cwd: string): string | undefined {
  for (let directory = cwd; ; directory = dirname(directory)) {
    const [file, other] = PROJECT_FILES.map((name) => join(directory, name)).filter((each) => existsSync(each));
    if (other !== undefined) {
      throw new CliffracerError(
        'invalid_config',
        `${relative(cwd, file!)} and ${relative(cwd, other)} are both there`,
        {
          hint: 'keep one of them',
        },
      );
    }
    if (file !== undefined) return file;
    if (existsSync(join(directory, '.git')) || dirname(directory) === directory) return undefined;
  }
}

/** Reads and checks the project file. Throws `invalid_config`, naming file and member, and the line in JSON. */
export async function readProjectFile(cwd: string, loader: ModuleLoader): Promise<ProjectFile | undefined> {
  const path = findProjectFile(cwd);
  if (path === undefined) return undefined;
  const shown = relative(cwd, path);
  const atLine = (line: number | undefined, why: string) => refusal(shown, line, why);
  const json = path.endsWith('.json') ? parseLocated(readText(path, shown), atLine) : undefined;
  const lineOf = (member: Path) => json?.lineOf(member);
  const refuse = (member: Path, why: string) => atLine(lineOf(member), why);
  const value = json === undefined ? await loadModule(path, shown, loader) : json.value;
  const values: Map<SettingName, { value: string; line: number | undefined }> = new Map();
  const members: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value as object)) {
    if (key === '$schema' || member === undefined) continue;
    if (Object.hasOwn(MEMBERS, key)) {
      const fault = schemaFault(MEMBERS[key]!, member, [key]);
      if (fault !== undefined) throw refuse(fault.path, fault.why);
      members[key] = member;
    } else {
      const { name, text } = checkedSetting(key, member, (why) => refuse([key], why));
      values.set(name, { value: text, line: lineOf([key]) });
    }
  }
  if (values.has('port') && values.has('endpoint_url'))
    throw refuse(['port'], 'port and endpoint_url both say where the engine is');
  return { path, values, members, refuse };
}

function refusal(shown: string, line: number | undefined, why: string): CliffracerError {
  const place = line === undefined ? shown : `line ${line} of ${shown}`;
  return new CliffracerError('invalid_config', `${shown}:${line === undefined ? '' : `${line}:`} ${why}`, {
    hint: `fix ${place}; cliffracer config show tells what each setting may be`,
  });
}

function checkedSetting(key: string, value: unknown, refuse: (why: string) => Error) {
  const setting = SETTINGS.find(({ name }) => name === key);
  if (setting === undefined) {
    const names = [...SETTINGS.map(({ name }) => name), ...Object.keys(MEMBERS)];
    throw refuse(`there is no setting ${JSON.stringify(key)}; there are ${names.join(', ')}`);
  }
  const text = String(value);
  const fault = typeof value === (setting.number ? 'number' : 'string') ? settingFault(setting, text) : setting.wants;
  if (fault !== undefined) throw refuse(`${key} must be ${fault}, not ${JSON.stringify(value)}`);
  return { name: setting.name, text };
}

async function loadModule(path: string, shown: string, loader: ModuleLoader): Promise<unknown> {
  if (path.endsWith('.ts') && !stripsTypes(loader.nodeVersion)) {
    throw new CliffracerError('invalid_config', `Node.js ${loader.nodeVersion} does not read ${shown}`, {
      hint: `use Node.js 22.18 or newer, which runs TypeScript, or write ${basename(shown, '.ts')}.mjs`,
    });
  }
  let module: { default?: unknown };
  try {
    module = await loader.importModule(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CliffracerError('invalid_config', `${shown} cannot be loaded: ${why.split('\n')[0]}`, {
      hint: `node ${shown} shows where`,
      cause: error,
    });
  }
  const { default: value } = module;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new CliffracerError('invalid_config', `${shown} has no object as its default export`, {
    hint: 'write export default { ... }',
  });
}

/** Node.js runs TypeScript by itself from 22.18 on, and from 23.6 of the versions in between. */
export function stripsTypes(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 23 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18);
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
