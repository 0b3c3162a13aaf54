import type { Connection } from '../connection.ts';
import type { StackHeading } from '../views/provision.ts';

/** The stack in use and, on AWS, the account and region that it is in. */
export async function stackOf({ target, names, clients }: Connection): Promise<StackHeading> {
  if (target.kind === 'local') return { stack: names.stack };
  const { account, region } = await clients.identity();
  return { stack: names.stack, account, region };
}
