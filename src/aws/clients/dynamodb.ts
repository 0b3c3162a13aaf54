import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Settings } from '../settings.ts';

/** Endpoints with the account in their name exist on AWS only, and save nothing here. */
export const dynamodbClient = (settings: Settings) =>
  new DynamoDBClient({ ...settings, accountIdEndpointMode: 'disabled' });
