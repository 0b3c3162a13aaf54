import { basename } from 'node:path';
import type { Environment } from '../environment.ts';
import { PROJECT_FILE, type ProjectFile } from './project-file.ts';
import { checkSetting, SETTINGS, type SettingName, type SettingSchema } from './settings-schema.ts';

/** The value of one setting: the flag, then its variables, then the project file. Undefined when nobody says anything. */
export function resolveSetting(
  name: SettingName,
  flag: string | undefined,
  env: Environment,
  project: ProjectFile | undefined,
): { value: string; origin: string } | undefined {
  const setting = schemaOf(name);
  const found = candidate(setting, flag, env, project);
  if (found !== undefined && found.origin !== originOf(name, project)) checkSetting(setting, found.value, found.origin);
  return found;
}

function candidate(
  setting: SettingSchema,
  flag: string | undefined,
  env: Environment,
  project: ProjectFile | undefined,
): { value: string; origin: string } | undefined {
  if (flag !== undefined) return { value: flag, origin: setting.flag };
  const variable = setting.variables.find((each) => env[each]);
  if (variable !== undefined) return { value: env[variable]!, origin: variable };
  const written = project?.values.get(setting.name);
  return written === undefined ? undefined : { value: written.value, origin: originOf(setting.name, project) };
}

export function schemaOf(name: SettingName): SettingSchema {
  return SETTINGS.find((each) => each.name === name)!;
}

function originOf(name: SettingName, project: ProjectFile | undefined): string {
  const file = project === undefined ? PROJECT_FILE : basename(project.path);
  const line = project?.values.get(name)?.line;
  return line === undefined ? file : `${file}:${line}`;
}

/** Flags of every command that the environment and the project file may stand in for. */
interface SharedFlags {
  region?: string;
  stack?: string;
  origins?: { region?: string; stack?: string };
}

/**
 * Fills in what no flag says. AWS's own variables for the region are read where the region is needed, so only the
 * project's is added here.
 */
export function applyProject(flags: SharedFlags, env: Environment, project: ProjectFile | undefined): void {
  for (const name of ['region', 'stack'] as const) {
    if (flags[name] !== undefined || (name === 'region' && (env.AWS_REGION || env.AWS_DEFAULT_REGION))) continue;
    const found = resolveSetting(name, undefined, env, project);
    if (found === undefined) continue;
    flags[name] = found.value;
    flags.origins = { ...flags.origins, [name]: found.origin };
  }
}
