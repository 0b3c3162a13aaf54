import type { Value } from './resources.ts';

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

/**
 * A policy in one form for all ways of writing it: services give it back with lists in another order, with a list of one
 * for its member, and with `{"AWS": "*"}` for everybody.
 */
export function canonicalPolicy(document: unknown): Value {
  if (Array.isArray(document)) {
    const members = document.map(canonicalPolicy);
    if (members.length === 1) return members[0]!;
    return members.sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
  }
  if (document === null || typeof document !== 'object') return String(document);
  const entries = Object.entries(document)
    .map(([name, value]): [string, Value] => [name, canonicalPolicy(value)])
    .sort(([one], [other]) => (one < other ? -1 : 1));
  const [first] = entries;
  return entries.length === 1 && first![0] === 'AWS' && first![1] === '*' ? '*' : Object.fromEntries(entries);
}
