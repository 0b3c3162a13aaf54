import { Argument, Command } from 'commander';
import { callLogOf } from '../../access/call-log.ts';
import type { App } from '../../app.ts';
import { count } from '../../cli/arguments.ts';
import { KEYS_AS_THEY_ARE } from '../../cli/print.ts';
import { CliffracerError } from '../../errors.ts';
import type { WholeCall } from '../../lab/calls/call.ts';
import { cliCommand, curlCommand } from '../../lab/calls/repeat.ts';
import { wholeCallView } from '../../views/whole-call.ts';

export interface CallsShowOptions {
  asCli?: boolean;
  asCurl?: boolean;
}

export function callsShowCommand(app: App): Command {
  return new Command('show')
    .addArgument(new Argument('<seq>', 'number of the call, as `calls --json` tells it').argParser(count))
    .option('--as-cli', 'print the command of the AWS CLI that makes the same call')
    .option('--as-curl', 'print the command of curl that makes the same call')
    .addHelpText('after', '\nExample:\n  $ cliffracer calls show 128 --as-cli')
    .action(async (seq: number, options: CallsShowOptions) => {
      const call = await (await callLogOf(app)).call(seq);
      if (!options.asCli && !options.asCurl) return app.print.result({ call }, wholeCallView, KEYS_AS_THEY_ARE);
      const command = await repeatCommand(app, call, options);
      await app.print.document({ command }, () => command);
    });
}

/** A command line that makes the call again. Throws `unsupported` for what no such line can be made of. */
async function repeatCommand(app: App, call: WholeCall, { asCurl }: CallsShowOptions): Promise<string> {
  const target = { endpoint: (await app.endpoint()).value };
  if (call.operation === '' || call.input === null) {
    throw new CliffracerError('unsupported', `call ${call.seq} is no request that could be made again`);
  }
  if (!asCurl) return cliCommand(call, target);
  const command = curlCommand(call, target);
  if (command !== undefined) return command;
  throw new CliffracerError(
    'unsupported',
    `a call of ${call.service} cannot be shown as curl: its request is no document`,
    {
      hint: `cliffracer calls show ${call.seq} --as-cli`,
    },
  );
}
