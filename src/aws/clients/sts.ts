import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Settings } from '../settings.ts';

export const stsClient = (settings: Settings) => new STSClient(settings);

export async function callerAccount(client: STSClient): Promise<string> {
  const { Account } = await client.send(new GetCallerIdentityCommand({}));
  return Account ?? '000000000000';
}
