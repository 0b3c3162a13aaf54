import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { App } from '../app.ts';
import { CliffracerError } from '../errors.ts';
import { type CompiledTemplate, compileTemplate, exportsOf } from '../lab/template/compile.ts';
import type { TemplateFunction } from '../lab/template/functions.ts';
import { stackNameOf } from '../lab/template/names.ts';
import { parseTemplate } from '../lab/template/parse.ts';
import type { Place } from '../lab/template/scope.ts';
import type { Json, JsonObject } from '../lab/template/value.ts';
import type { Fact } from '../topology/apply.ts';
import {
  type FunctionView,
  type TemplateChangesView,
  type TemplateStack,
  type TemplateStacksView,
  templateStacksView,
} from '../views/template.ts';
import { plannedChanges } from './plan.ts';

export interface TemplateOptions {
  /** Files, in the order in which they are made. */
  template?: string[];
  parameter?: string[];
  stackName?: string[];
  skipUnknown?: boolean;
}

/** A template file as it would be deployed on the engine in use. */
export interface LoadedTemplate {
  file: string;
  stack: string;
  compiled: CompiledTemplate;
}

/** Refuses flags that stand for nothing without a template. */
export function checkTemplateFlags(
  { template, parameter, stackName, skipUnknown }: TemplateOptions,
  command: string,
): void {
  if (template !== undefined || (parameter ?? stackName ?? skipUnknown) === undefined) return;
  throw new CliffracerError('usage', '--parameter, --stack-name and --skip-unknown go with --template', {
    hint: `cliffracer ${command} --template template.yaml`,
  });
}

export async function provisionTemplates(app: App, options: TemplateOptions & { plan?: boolean }): Promise<void> {
  const data = options.plan ? await planTemplates(app, options) : await makeTemplates(app, options);
  await app.print.result(data, templateStacksView);
}

/**
 * Reads and works out every template before anything is called. What one exports the next ones can import. On AWS itself
 * CloudFormation deploys templates, and would not know of what is made behind its back.
 */
export async function loadTemplates(app: App, options: TemplateOptions): Promise<LoadedTemplate[]> {
  const { target, clients } = await app.connect();
  const files = options.template ?? [];
  const given = parametersOf(options.parameter ?? []);
  const texts = await Promise.all(files.map(async (file) => ({ file, template: await readTemplate(app, file) })));
  checkDeclared(given, texts);
  const endpoint = target.endpoints?.sqs ?? target.endpoint ?? `https://sqs.${target.region}.amazonaws.com`;
  const identity = await clients.identity();
  const exports = new Map<string, Json>();
  return texts.map(({ file, template }, index) => {
    const stack = stackName(options.stackName?.[index] ?? stackNameOf(resolve(app.system.cwd(), file)));
    const queueUrl = (name: string) => `${endpoint.replace(/\/$/, '')}/${identity.account}/${name}`;
    const { account, region, partition } = identity;
    const place: Place = { account, region, partition, stack, queueUrl, exports };
    const skipUnknown = options.skipUnknown ?? false;
    const compiled = compileTemplate(template, { file, place, parameters: given, skipUnknown });
    for (const [name, value] of exportsOf(compiled)) exports.set(name, value);
    return { file, stack, compiled };
  });
}

/** What is not as `provision --template` would make it. */
export async function diffTemplates(
  app: App,
  options: TemplateOptions,
): Promise<TemplateChangesView & { drift: boolean }> {
  const { stacks } = await planTemplates(app, options);
  const different = stacks.map(({ stack, template, resources }) => ({
    ...{ stack, template },
    resources: resources.filter(({ action }) => action !== 'unchanged'),
  }));
  const drift = different.some(({ resources }) => resources.some(({ action }) => action !== 'orphan'));
  return { planned: true, drift, stacks: different };
}

/** What `destroyTemplates` would take down, read before anybody is asked. */
export async function templatesToDestroy(app: App, options: TemplateOptions): Promise<LoadedTemplate[]> {
  await refuseAws(app);
  return loadTemplates(app, options);
}

/** Removes what templates made: what carries the tag of their stacks and was not there before them. The last one goes first. */
export async function destroyTemplates(app: App, loaded: readonly LoadedTemplate[]): Promise<TemplateChangesView> {
  const [admin, { destroy }] = [await adminsOf(app), await import('../topology/destroy.ts')];
  const stacks: TemplateChangesView['stacks'][number][] = [];
  for (const { stack, file: template, compiled } of [...loaded].reverse()) {
    const resources: Fact[] = [];
    for await (const fact of destroy(admin(stack), compiled.desired)) resources.push(fact);
    stacks.push({ stack, template, resources });
  }
  return { stacks };
}

async function planTemplates(app: App, options: TemplateOptions): Promise<TemplateStacksView> {
  const admin = await adminsOf(app);
  const stacks: TemplateStack[] = [];
  for (const loaded of await loadTemplates(app, options)) {
    const changes = await plannedChanges(admin(loaded.stack), loaded.compiled.desired, { lenient: true });
    stacks.push(stackView(loaded, changes));
  }
  return { planned: true, stacks };
}

/** Makes what templates declare; doing it again changes nothing. */
export async function makeTemplates(app: App, options: TemplateOptions): Promise<TemplateStacksView> {
  const admin = await adminsOf(app);
  const loaded = await loadTemplates(app, options);
  const { apply } = await import('../topology/apply.ts');
  const progress = await app.progress('Provisioning');
  try {
    const stacks: TemplateStack[] = [];
    for (const each of loaded) {
      const facts: Fact[] = [];
      for await (const fact of apply(admin(each.stack), each.compiled.desired, { adopt: true, mark: true })) {
        progress.update(`${fact.kind} ${fact.resource}: ${fact.action}`);
        facts.push(fact);
      }
      stacks.push(stackView(each, facts));
    }
    return { stacks };
  } finally {
    progress.stop();
  }
}

async function refuseAws(app: App): Promise<void> {
  const { targetKind } = await import('../engines/aws.ts');
  if (targetKind(app.globals, app.env) === 'aws') {
    throw new CliffracerError('refused', 'on AWS templates are deployed by CloudFormation', {
      hint: 'aws cloudformation deploy, sam deploy or cdk deploy',
    });
  }
}

async function adminsOf(app: App) {
  await refuseAws(app);
  const [{ createAdmin }, { clients }] = await Promise.all([import('../aws/admin/index.ts'), app.connect()]);
  return (stack: string) => createAdmin(clients, stack);
}

const stackView = ({ file, stack, compiled }: LoadedTemplate, resources: TemplateStack['resources']): TemplateStack => {
  const { desired: _, functions, ...data } = compiled;
  return { stack, template: file, resources, functions: functions.map(functionView), ...data };
};

/** Variables as a list: their names are the user's, and no keys of ours. */
const functionView = ({ environment, ...rest }: TemplateFunction): FunctionView => ({
  ...rest,
  environment: Object.entries(environment).map(([name, value]) => ({ name, value })),
});

// CloudFormation's own limit is in bytes and checked when the text is known; this is so that no larger file is read.
const LARGEST_FILE = 8 * 1024 * 1024;

async function readTemplate(app: App, file: string): Promise<JsonObject> {
  const path = resolve(app.system.cwd(), file);
  const fault = (why: string, cause?: unknown) =>
    new CliffracerError('invalid_input', `template ${file} ${why}`, {
      hint: 'give the path of a template: --template FILE, or topology.template in the configuration',
      cause,
    });
  const found = await stat(path).catch((cause: unknown) => {
    throw fault('cannot be read: there is no such file', cause);
  });
  if (!found.isFile()) throw fault('is no file');
  if (found.size > LARGEST_FILE) throw fault('is larger than 1 MiB, the most that CloudFormation takes');
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw fault(`cannot be read: ${(cause as Error).message}`, cause);
  });
  return parseTemplate(text, file);
}

function parametersOf(given: readonly string[]): Map<string, string> {
  return new Map(
    given.map((text): [string, string] => {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
      if (name !== undefined && value !== undefined) return [name, value];
      throw new CliffracerError('usage', `--parameter ${JSON.stringify(text)} is not NAME=VALUE`, {
        hint: 'as in --parameter Stage=dev',
      });
    }),
  );
}

function checkDeclared(given: ReadonlyMap<string, string>, texts: readonly { template: JsonObject }[]): void {
  const declared = new Set(texts.flatMap(({ template }) => Object.keys(template.Parameters ?? {})));
  const odd = [...given.keys()].find((name) => !declared.has(name));
  if (odd === undefined) return;
  const there = declared.size === 0 ? 'it has none' : `it has ${[...declared].join(', ')}`;
  throw new CliffracerError('usage', `the template has no parameter ${odd}: ${there}`, {
    hint: 'cliffracer provision --help',
  });
}

/** CloudFormation API Reference, CreateStack. */
function stackName(name: string): string {
  if (/^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(name)) return name;
  throw new CliffracerError('usage', `${JSON.stringify(name)} is no name of a stack`, {
    hint: '--stack-name NAME: letters, digits and hyphens, a letter first',
  });
}
