import { DescribeTimeToLiveCommand, type DynamoDBClient, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import type { Resource } from '../../topology/resources.ts';

/** The attribute by which items of a table expire; undefined when they do not. */
export async function expiryOf(db: DynamoDBClient, TableName: string): Promise<string | undefined> {
  const { TimeToLiveDescription: found } = await db.send(new DescribeTimeToLiveCommand({ TableName }));
  return /^ENABL/.test(found?.TimeToLiveStatus ?? '') ? found?.AttributeName : undefined;
}

/** DynamoDB API Reference, UpdateTimeToLive: another attribute is named only after the first was disabled. */
export async function expireBy(db: DynamoDBClient, { name: TableName, attributes: { ttl } }: Resource): Promise<void> {
  const wanted = ttl as string | undefined;
  if (wanted === undefined) return;
  const set = async (AttributeName: string, Enabled: boolean) => {
    await db.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { AttributeName, Enabled } }));
  };
  const current = await expiryOf(db, TableName);
  if (current === wanted) return;
  if (current !== undefined) await set(current, false);
  await set(wanted, true);
}
