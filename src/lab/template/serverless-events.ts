import type { Declared } from './declaration.ts';
import { TemplateFault } from './fault.ts';
import { at, isObject, type Json, type JsonObject, member, objectAt } from './value.ts';

/** What SAM makes of an event of a function (AWS SAM Developer Guide, "EventSource"). Throws TemplateFault. */
export function expandEvent(owner: Declared, name: string, event: Json): Declared[] {
  const path = at(at(owner.path, 'Events'), name);
  const type = isObject(event) ? String(member(event, 'Type')) : '';
  const properties = isObject(event) ? objectAt(event, 'Properties') : {};
  if (type === 'SQS') return [mappingOf(owner, `${owner.id}${name}`, at(path, 'Properties'), properties)];
  if (type === 'SNS') return topicEvent(owner, name, at(path, 'Properties'), properties);
  throw new TemplateFault(path, `events of type ${type}: functions get messages of queues only here`, {
    unknown: true,
  });
}

const resource = (owner: Declared, id: string, type: string, path: string, properties: JsonObject): Declared => ({
  ...owner,
  ...{ id, type, path, properties, dependsOn: [], metadata: null },
});

function mappingOf(owner: Declared, id: string, path: string, { Queue, ...rest }: JsonObject): Declared {
  if (Queue === undefined) throw new TemplateFault(at(path, 'Queue'), 'is required');
  const properties = { ...rest, EventSourceArn: Queue, FunctionName: { Ref: owner.id } };
  return resource(owner, id, 'AWS::Lambda::EventSourceMapping', path, properties);
}

/** With SqsSubscription the topic's messages come by a queue, SAM's own or one that is named. */
function topicEvent(owner: Declared, name: string, path: string, properties: JsonObject): Declared[] {
  const { SqsSubscription: by, Topic, Region: _, ...rest } = properties;
  if (Topic === undefined) throw new TemplateFault(at(path, 'Topic'), 'is required');
  const id = `${owner.id}${name}`;
  const subscribed = (Protocol: string, Endpoint: Json) =>
    resource(owner, id, 'AWS::SNS::Subscription', path, { ...rest, TopicArn: Topic, Protocol, Endpoint });
  if (by === undefined || by === false) return [subscribed('lambda', { 'Fn::GetAtt': [owner.id, 'Arn'] })];
  const named = isObject(by) ? by : {};
  const made = member(named, 'QueueArn') === undefined;
  const queueId = `${id}Queue`;
  const arn = member(named, 'QueueArn') ?? { 'Fn::GetAtt': [queueId, 'Arn'] };
  const url = member(named, 'QueueUrl') ?? { Ref: queueId };
  const policyId = String(member(named, 'QueuePolicyLogicalId') ?? `${id}QueuePolicy`);
  const { BatchSize, Enabled } = named;
  const settings = { ...(BatchSize !== undefined && { BatchSize }), ...(Enabled !== undefined && { Enabled }) };
  return [
    ...(made ? [resource(owner, queueId, 'AWS::SQS::Queue', path, {})] : []),
    resource(owner, policyId, 'AWS::SQS::QueuePolicy', path, { Queues: [url], PolicyDocument: letIn(Topic, arn) }),
    subscribed('sqs', arn),
    mappingOf(owner, `${id}EventSourceMapping`, path, { Queue: arn, ...settings }),
  ];
}

const letIn = (topic: Json, queue: Json): Json => ({
  Version: '2012-10-17',
  Statement: [
    {
      ...{ Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: queue },
      Condition: { ArnEquals: { 'aws:SourceArn': topic } },
    },
  ],
});
