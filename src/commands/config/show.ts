import { Command } from 'commander';
import type { App } from '../../app.ts';
import { awsSettings, targetKind } from '../../engines/aws.ts';
import { recordOf, resolveRegion } from '../../engines/endpoint.ts';
import { PROJECT_FILE, type ProjectFile } from '../../engines/project-file.ts';
import { SERVICE_VARIABLES, serviceEndpoints } from '../../engines/service-endpoints.ts';
import { resolveSetting, schemaOf } from '../../engines/settings.ts';
import type { SettingName } from '../../engines/settings-schema.ts';
import type { Environment } from '../../environment.ts';
import { type SettingRow, settingsView } from '../../views/settings.ts';

export function configShowCommand(app: App): Command {
  return new Command('show')
    .addHelpText('after', `\nExample:\n  $ cliffracer config show\n\nA project's settings stand in ${PROJECT_FILE}.`)
    .action(async () => {
      await app.print.result(await configShow(app), settingsView);
    });
}

/** Every setting with its value and where that came from. */
export async function configShow(app: App): Promise<{ settings: SettingRow[]; file: string | undefined }> {
  const { env, globals, home } = app;
  const project = await app.project();
  const target = targetKind(globals, env);
  const settings: SettingRow[] = [
    {
      name: 'target',
      value: target,
      ...originOf(globals.target, '--target', env.CLIFFRACER_TARGET, 'CLIFFRACER_TARGET'),
    },
    ...(target === 'aws' ? await awsRows(app) : await engineRows(app, project)),
    { ...plain(env, project, 'stack'), ...shared(app, 'stack') },
    { name: 'home', value: home, origin: env.CLIFFRACER_HOME ? 'CLIFFRACER_HOME' : 'default' },
  ];
  return { settings, file: project?.path };
}

function originOf(flag: string | undefined, flagName: string, variable: string | undefined, variableName: string) {
  return { origin: flag !== undefined ? flagName : variable ? variableName : 'default' };
}

function plain(env: Environment, project: ProjectFile | undefined, name: SettingName): SettingRow {
  const found = resolveSetting(name, undefined, env, project);
  return { name, value: found?.value ?? schemaOf(name).fallback, origin: found?.origin ?? 'default' };
}

/** What the program's start has settled already: a flag, or what stands in its place. */
function shared({ globals }: App, name: 'region' | 'stack'): Partial<SettingRow> {
  const value = globals[name];
  return value === undefined ? {} : { value, origin: globals.origins?.[name] ?? `--${name}` };
}

/** Reads the configuration files of AWS, and calls nothing: whose keys they are is for `provision` to find out. */
async function awsRows(app: App): Promise<SettingRow[]> {
  const { region, profile, account, origins } = await awsSettings(app.globals, app.env);
  return [
    { name: 'profile', value: profile ?? "the SDK's own search", origin: origins.profile },
    {
      name: 'account',
      value: account ?? 'whose keys they are',
      origin: account === undefined ? 'default' : '--account',
    },
    { name: 'region', value: region, origin: origins.region, ...shared(app, 'region') },
  ];
}

async function engineRows(app: App, project: ProjectFile | undefined): Promise<SettingRow[]> {
  const { value, origin } = resolveRegion(app.globals.region, app.env);
  return [
    ...(['engine', 'image', 'port', 'wait'] as const).map((name) => plain(app.env, project, name)),
    ...(await endpointRows(app)),
    { name: 'region', value, origin, ...shared(app, 'region') },
  ];
}

async function endpointRows(app: App): Promise<SettingRow[]> {
  const { value, origin } = await app.endpoint();
  const record = origin === 'engine' ? await recordOf(app.home, value) : undefined;
  const from = record !== undefined ? `the ${record.engine} engine that up started` : origin;
  const elsewhere = serviceEndpoints(app.globals.endpointUrl, app.env);
  const variables = SERVICE_VARIABLES.filter((name) => app.env[name]);
  return [
    { name: 'endpoint_url', value, origin: from },
    ...Object.entries(elsewhere).map(([service, url], index) => ({
      name: `endpoint_url_${service}`,
      value: url,
      origin: variables[index] ?? '',
    })),
  ];
}
