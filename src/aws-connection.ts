import type { App } from './app.ts';
import type { Target } from './aws/target.ts';
import { type Connection, connectTo } from './connection.ts';
import { awsSettings } from './engines/aws.ts';
import { CliffracerError } from './errors.ts';
import { DEFAULT_STACK } from './shop/stack/names.ts';
import type { Identity } from './topology/arns.ts';
import { awsView } from './views/aws.ts';

/** A stack on AWS itself: who calls, and where, is known and shown before anything else is called. */
export async function connectAws(app: App): Promise<Connection> {
  const target = await awsTarget(app);
  const { awsRequestHandler: requestHandler, clock } = app;
  const connection = await connectTo(target, target.stack, {
    clock,
    requestHandler,
  });
  const identity = await connection.clients.identity();
  checkAccount(target, identity);
  await app.print.note({ ...identity, stack: connection.names.stack }, awsView);
  return connection;
}

/** What the flags and the environment say; nothing is called. */
export async function awsTarget(app: App): Promise<Target & { stack: string }> {
  const settings = await awsSettings(app.globals, app.env);
  const { stack } = app.globals;
  if (stack === undefined) {
    throw new CliffracerError('usage', 'on AWS a stack has to be named', {
      hint: `give --stack NAME, such as --stack team-a; --stack ${DEFAULT_STACK} for names without a prefix`,
    });
  }
  return { kind: 'aws', ...settings, stack };
}

function checkAccount({ account, profile }: Target, identity: Identity): void {
  if (account === undefined || account === identity.account) return;
  const of = profile === undefined ? '' : ` of profile ${profile}`;
  throw new CliffracerError('refused', `the credentials${of} are of account ${identity.account}, not ${account}`, {
    hint: `aws sts get-caller-identity${profile === undefined ? '' : ` --profile ${profile}`}`,
  });
}
