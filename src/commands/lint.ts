import { Command } from 'commander';
import { callLogOf } from '../access/call-log.ts';
import { loadTemplates, type TemplateOptions } from '../access/templates.ts';
import type { App } from '../app.ts';
import { appended } from '../cli/arguments.ts';
import { CliffracerError } from '../errors.ts';
import type { Sources } from '../lab/lint/system.ts';
import { type LintView, lintView } from '../views/lint.ts';

export function lintCommand(app: App): Command {
  return new Command('lint')
    .option('--template <file>', 'look at a CloudFormation, SAM or CDK template; repeatable', appended)
    .option('--parameter <name=value>', 'value of a parameter of the template; repeatable', appended)
    .option('--stack-name <name>', "the template's stack; one for each template", appended)
    .addHelpText(
      'after',
      '\nExamples:\n  $ cliffracer lint\n  $ cliffracer lint --template template.yaml\n\n' +
        'Exit code 0: no error, though there may be warnings; 1: there is one. docs/lint.md has every code.',
    )
    .action(async (options: TemplateOptions) => {
      const data = await lint(app, options);
      await app.print.result(data, lintView);
      if (data.errors > 0) app.fail('check_failed');
    });
}

/** What will go wrong on AWS, in templates or in what exists on the engine or in the account. */
export async function lint(app: App, options: TemplateOptions): Promise<LintView> {
  const { clients } = await app.connect();
  const [{ lint: findings }, { systemOf }] = await Promise.all([
    import('../lab/lint/lint.ts'),
    import('../lab/lint/system.ts'),
  ]);
  const { account, region, partition } = await clients.identity();
  const { leftOut: left_out, ...sources } = await sourcesOf(app, options);
  const published = await publishedOf(app);
  const system = systemOf({ account, region, partition, ...sources, published });
  const found = findings(system);
  const count = (severity: string) => found.filter((each) => each.severity === severity).length;
  return {
    ...{ errors: count('error'), warnings: count('warning'), notes: count('note') },
    looked_at: {
      ...{ queues: system.queues.length, topics: system.topics.length },
      ...{ subscriptions: system.subscriptions.length, mappings: system.mappings.length },
    },
    left_out,
    findings: found,
  };
}

/** What a template does not declare is no matter of lint; what is not known of it is left out, and listed. */
async function sourcesOf(
  app: App,
  options: TemplateOptions,
): Promise<Pick<Sources, 'resources' | 'functions' | 'mappings'> & { leftOut: LintView['left_out'] }> {
  if (options.template === undefined) {
    const [{ inventory }, { clients }] = await Promise.all([import('../aws/admin/inventory.ts'), app.connect()]);
    return { resources: await inventory(clients), leftOut: [] };
  }
  const loaded = await loadTemplates(app, { ...options, skipUnknown: true });
  return {
    resources: loaded.flatMap(({ compiled }) => compiled.desired),
    functions: loaded.flatMap(({ compiled }) => compiled.functions),
    mappings: loaded.flatMap(({ compiled }) => compiled.mappings),
    leftOut: loaded.flatMap(({ compiled }) => compiled.leftOut),
  };
}

/** Engines without a call log have nothing to say about what was published. */
async function publishedOf(app: App): Promise<Map<string, Set<string>>> {
  const [{ publishedAttributes }, { targetKind }] = await Promise.all([
    import('../lab/lint/published.ts'),
    import('../engines/aws.ts'),
  ]);
  if (targetKind(app.globals, app.env) === 'aws') return new Map();
  try {
    return await publishedAttributes(await callLogOf(app));
  } catch (error) {
    if (error instanceof CliffracerError && ['unsupported', 'not_found', 'invalid_input'].includes(error.code))
      return new Map();
    throw error;
  }
}
