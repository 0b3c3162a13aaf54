import type { App } from '../app.ts';
import { targetKind } from '../engines/aws.ts';
import { iamPolicy, type PolicyDocument } from '../shop/stack/iam-policy.ts';
import { type StackNames, stackNames } from '../shop/stack/names.ts';
import { PARTS } from '../shop/stack/permissions.ts';
import { type Identity, partitionOf } from '../topology/arns.ts';

export const POLICY_PARTS = ['all', ...PARTS] as const;
export type PolicyPart = (typeof POLICY_PARTS)[number];

/** The policy for the stack in use. With `--account` nothing is called: whoever asks need not have any permission yet. */
export async function printedPolicy(app: App, part: PolicyPart): Promise<PolicyDocument> {
  const { names, identity } = await place(app);
  return iamPolicy(names, identity, part === 'all' ? PARTS : [part]);
}

async function place(app: App): Promise<{ names: StackNames; identity: Identity }> {
  if (targetKind(app.globals, app.env) === 'aws' && app.globals.account !== undefined) {
    const { awsTarget } = await import('../aws-connection.ts');
    const { account, region, stack } = await awsTarget(app);
    const identity = { account: account!, region, partition: partitionOf(region) };
    return { names: stackNames(stack, identity), identity };
  }
  const { names, clients } = await app.connect();
  return { names, identity: await clients.identity() };
}
