import { describe, expect, test } from 'vitest';
import { compiled, textOf } from './template.ts';

/** What each file comes to, in full. */
describe('templates as their users write them', () => {
  test.each([
    ['plain CloudFormation', 'orders.yaml', {}],
    ['SAM: functions with SQS and SNS events', 'thumbnails.sam.yaml', {}],
    ['CDK synth output', 'PaymentsStack.template.json', { place: { stack: 'PaymentsStack' } }],
  ])('%s', async (_name, file, given) => {
    expect(await compiled(textOf(file), given)).toMatchSnapshot();
  });
});

test('conditions, mappings and parameters choose what is made', async () => {
  const { desired } = await compiled(textOf('orders.yaml'), { parameters: { Stage: 'prod' } });
  const names = desired.map(({ name }) => name);
  expect(names).toContain('billing-prod');
  expect(names.some((name) => name.startsWith('shop-AuditQueue-'))).toBe(true);
  const log = desired.find(({ kind }) => kind === 'log_group');
  expect(log?.attributes.retention_days).toBe(90);
  const alarm = desired.find(({ kind }) => kind === 'alarm');
  expect(alarm?.attributes.AlarmActions).toEqual(['arn:aws:sns:us-east-1:000000000000:orders-prod']);
});
