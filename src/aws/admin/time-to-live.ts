import type { Resource } from '../../topology/resources.ts';
import type { Call } from '../call.ts';

/** The attribute by which items of a table expire; undefined when they do not. */
export async function expiryOf(call: Call, TableName: string): Promise<string | undefined> {
  const { TimeToLiveDescription: found } = await call('dynamodb', 'DescribeTimeToLive', { TableName });
  return /^ENABL/.test(found?.TimeToLiveStatus ?? '') ? found?.AttributeName : undefined;
}

/** DynamoDB API Reference, UpdateTimeToLive: another attribute is named only after the first was disabled. */
export async function expireBy(call: Call, { name: TableName, attributes: { ttl } }: Resource): Promise<void> {
  const wanted = ttl as string | undefined;
  if (wanted === undefined) return;
  const set = async (AttributeName: string, Enabled: boolean) => {
    await call('dynamodb', 'UpdateTimeToLive', { TableName, TimeToLiveSpecification: { AttributeName, Enabled } });
  };
  const current = await expiryOf(call, TableName);
  if (current === wanted) return;
  if (current !== undefined) await set(current, false);
  await set(wanted, true);
}
