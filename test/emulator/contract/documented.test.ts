import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ServiceId } from '../../../src/emulator/core/types.ts';
import { loadModel } from '../../../src/emulator/models/model.ts';
import { allServices } from '../../../src/emulator/services.ts';

const NAMES: Record<ServiceId, string> = {
  sns: 'SNS',
  sqs: 'SQS',
  dynamodb: 'DynamoDB',
  s3: 'S3',
  cloudwatch: 'CloudWatch',
  logs: 'CloudWatch Logs',
  sts: 'STS',
};

const page = readFileSync(new URL('../../../docs/engine.md', import.meta.url), 'utf8');

test.each(Object.entries(NAMES) as [ServiceId, string][])('docs/engine.md lists what %s has', async (id, name) => {
  const row = page.split('\n').find((line) => line.startsWith(`| ${name} | `));
  const documented = row?.split(' | ')[2]?.replace(' |', '').split(', ');
  const { operations } = await loadModel(id);
  expect(documented).toEqual([...operations.keys()].sort());
  const implemented = allServices.find((service) => service.id === id)!.operations;
  expect(Object.keys(implemented).sort()).toEqual(documented);
});
