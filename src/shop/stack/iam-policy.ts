import { deadLetterQueueOf, queueOf, SERVICES, TABLES } from '../../domain/names.ts';
import { bucketArn, type Identity, logGroupArn, queueArn, tableArn, topicArn } from '../../topology/arns.ts';
import type { StackNames } from './names.ts';
import { PARTS, type Part, PERMISSIONS, type Scope } from './permissions.ts';

export interface PolicyStatement {
  Sid: string;
  Effect: 'Allow';
  Action: string[];
  Resource: string | string[];
  Condition?: Record<string, Record<string, string>>;
}

export interface PolicyDocument {
  Version: '2012-10-17';
  Statement: PolicyStatement[];
}

/** The identity-based policy that lets its holder do just what this program does with one stack, or one part of it. */
export function iamPolicy(names: StackNames, identity: Identity, parts: readonly Part[] = PARTS): PolicyDocument {
  const actions = new Map<Scope, Set<string>>();
  for (const permission of PERMISSIONS) {
    if (!permission.parts.some((part) => parts.includes(part))) continue;
    const known = actions.get(permission.scope) ?? new Set();
    for (const action of permission.actions) known.add(action);
    actions.set(permission.scope, known);
  }
  const resources = resourcesOf(names, identity);
  const Statement = [...actions].map(([scope, allowed]): PolicyStatement => {
    const [Sid, Resource] = resources[scope];
    const namespace = { StringEquals: { 'cloudwatch:namespace': names.namespace } };
    const Condition = scope === 'namespace' ? { Condition: namespace } : {};
    return { Sid, Effect: 'Allow', Action: [...allowed].sort(), Resource, ...Condition };
  });
  return { Version: '2012-10-17', Statement };
}

/** Service Authorization Reference: actions without a resource type, on subscriptions and metrics, take `*` alone. */
function resourcesOf(names: StackNames, identity: Identity): Record<Scope, [sid: string, resource: string | string[]]> {
  const queues = SERVICES.flatMap((service) => [queueOf(service), deadLetterQueueOf(service)]);
  const tables = TABLES.map((table) => tableArn(identity, names.table(table)));
  const bucket = bucketArn(identity, names.bucket);
  const logGroup = logGroupArn(identity, names.logGroup);
  return {
    topic: ['Topic', topicArn(identity, names.topic)],
    subscriptions: ['Subscriptions', '*'],
    queues: ['Queues', queues.map((queue) => queueArn(identity, names.queue(queue)))],
    tables: ['Tables', tables.flatMap((table) => [table, `${table}/index/*`])],
    bucket: ['Bucket', bucket],
    objects: ['Objects', `${bucket}/*`],
    log_group: ['LogGroup', [logGroup, `${logGroup}:*`]],
    log_groups: ['LogGroups', logGroupArn(identity, '*')],
    namespace: ['Namespace', '*'],
    metrics: ['Metrics', '*'],
  };
}
