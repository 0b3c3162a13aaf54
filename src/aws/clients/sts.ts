import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Settings } from '../settings.ts';

export const stsClient = (settings: Settings) => new STSClient(settings);

export async function callerIdentity(client: STSClient): Promise<{ account: string; caller: string | undefined }> {
  const { Account: account = '000000000000', Arn } = await client.send(new GetCallerIdentityCommand({}));
  return { account, caller: Arn };
}
