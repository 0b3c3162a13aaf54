import { Command } from 'commander';
import type { App } from '../app.ts';
import { oneOf } from '../cli/arguments.ts';
import { resolveRegion } from '../engines/endpoint.ts';
import { probe } from '../engines/probe.ts';
import { DROPPED_VARIABLES, engineVariables } from '../lab/consumers/environment.ts';
import { unreachableView } from '../views/engine.ts';

const SHELLS = ['bash', 'fish', 'powershell'] as const;
type Shell = (typeof SHELLS)[number];

export interface EnvOptions {
  shell?: Shell;
}

export function envCommand(app: App): Command {
  return new Command('env')
    .option('--shell <name>', `syntax of the exports: ${SHELLS.join(', ')} (bash covers zsh and sh)`, oneOf(SHELLS))
    .addHelpText('after', '\nExample:\n  $ eval "$(cliffracer env)" && aws sqs list-queues')
    .action(async (options: EnvOptions) => {
      const data = await env(app);
      if (!data.reachable) await app.print.note(data, unreachableView);
      if (app.globals.json) await app.print.result(data, () => '');
      else await app.print.raw(exportsIn(options.shell ?? shellOf(app.env.SHELL), data.variables));
    });
}

const PATIENCE_MS = 1_000;

/** The variables that make an AWS SDK or CLI use the engine; the credentials are the emulators' well-known ones. */
export async function env(app: App) {
  const endpoint = await app.endpoint();
  const region = resolveRegion(app.globals.region, app.env).value;
  const variables = Object.entries(engineVariables({ endpoint: endpoint.value, region })).map(([name, value]) => ({
    name,
    value,
  }));
  const { answer } = await probe(endpoint.value, app.clock.now, PATIENCE_MS);
  return { endpoint: endpoint.value, region, reachable: answer === 'engine', variables };
}

const shellOf = (path: string | undefined): Shell => (path?.endsWith('/fish') ? 'fish' : 'bash');

function exportsIn(shell: Shell, variables: readonly { name: string; value: string }[]): string {
  const quoted = variables.map(({ name, value }) => [name, `'${value.replaceAll("'", "'\\''")}'`] as const);
  switch (shell) {
    case 'bash':
      return `${quoted.map(([name, value]) => `export ${name}=${value}\n`).join('')}unset ${DROPPED_VARIABLES.join(' ')}\n`;
    case 'fish':
      return `${quoted.map(([name, value]) => `set -gx ${name} ${value};\n`).join('')}set -e ${DROPPED_VARIABLES.join(' ')};\n`;
    case 'powershell':
      return [
        ...variables.map(({ name, value }) => `$env:${name} = '${value.replaceAll("'", "''")}'\n`),
        ...DROPPED_VARIABLES.map((name) => `Remove-Item Env:${name} -ErrorAction SilentlyContinue\n`),
      ].join('');
  }
}
