import type { Value } from '../../topology/resources.ts';

/** Statements that resources carry themselves (IAM User Guide, Resource-based policies). */
type Statement = { readonly [name: string]: Value };

/** SQS Developer Guide, Basic examples of SQS policies: the topic, and nobody else beside the account itself, may send. */
export const onlyFromTopic = (queue: string, topic: string): Statement => ({
  Sid: 'OnlyFromTopic',
  Effect: 'Allow',
  Principal: { Service: 'sns.amazonaws.com' },
  Action: 'sqs:SendMessage',
  Resource: queue,
  Condition: { ArnEquals: { 'aws:SourceArn': topic } },
});

/** Nobody may come in plain text, whatever else lets them in. `action` is all that the service asks about. */
export const onlyOverTls = (action: string, resource: string | readonly string[]): Statement => ({
  Sid: 'OnlyOverTls',
  Effect: 'Deny',
  Principal: '*',
  Action: action,
  Resource: resource,
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
});

export const policyOf = (statements: readonly Statement[]): Value => ({
  Version: '2012-10-17',
  Statement: statements,
});
