import { createHash } from 'node:crypto';
import { bucketArn, logGroupArn, queueArn, tableArn, topicArn } from '../../topology/arns.ts';
import type { Attributes, Desired } from '../../topology/resources.ts';
import { functionNameOf, type TemplateFunction, type TemplateMapping } from './functions.ts';
import { generatedName } from './names.ts';
import type { Place } from './scope.ts';
import type { Json } from './value.ts';

/** A resource as a type's builder sees it: its properties are worked out. */
export interface Built {
  id: string;
  path: string;
  name: string;
  properties: { readonly [name: string]: Json };
  metadata: Json;
  place: Place;
  /** Tags of the template with the stack's own. */
  tags: Attributes;
}

/** What one resource of a template comes to. */
export interface Outcome {
  desired?: Omit<Desired, 'needs'>;
  /** Another resource gets these attributes, by kind and name. */
  adds?: { kind: Desired['kind']; name: string; attributes: Attributes }[];
  /** As `desired`, for types that stand for several. */
  more?: Omit<Desired, 'needs'>[];
  function?: TemplateFunction;
  mapping?: TemplateMapping;
}

/** How resources of one type are named: the property, the longest name, and what Ref and GetAtt give. */
export interface Naming {
  property?: string;
  longest: number;
  lower?: boolean;
  ref(name: string, place: Place, id: string): Json;
  attributes: Readonly<Record<string, (name: string, place: Place, id: string) => Json>>;
}

const named = (name: string) => name;
const iamArn =
  (kind: string) =>
  (name: string, { partition, account }: Place) =>
    `arn:${partition}:iam::${account}:${kind}/${name}`;
export const functionArn = (name: string, { partition, region, account }: Place): string =>
  `arn:${partition}:lambda:${region}:${account}:function:${name}`;
const uuid = (name: string, { stack }: Place) =>
  createHash('sha256')
    .update(`${stack}\0${name}`)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, '$1-$2-$3-$4-$5');
const keyArn = (name: string, place: Place) =>
  `arn:${place.partition}:kms:${place.region}:${place.account}:key/${uuid(name, place)}`;
const onlyRef = (ref: Naming['ref'] = named, longest = 128): Naming => ({ longest, ref, attributes: {} });

/** By resource type. The rest has no name that anything refers to. */
export const NAMINGS: Readonly<Record<string, Naming>> = {
  'AWS::SQS::Queue': {
    property: 'QueueName',
    longest: 80,
    ref: (name, place) => place.queueUrl(name),
    attributes: {
      Arn: (name, place) => queueArn(place, name),
      QueueName: named,
      QueueUrl: (name, place) => place.queueUrl(name),
    },
  },
  'AWS::SNS::Topic': {
    property: 'TopicName',
    longest: 256,
    ref: (name, place) => topicArn(place, name),
    attributes: { TopicArn: (name, place) => topicArn(place, name), TopicName: named },
  },
  'AWS::DynamoDB::Table': {
    property: 'TableName',
    longest: 255,
    ref: named,
    attributes: { Arn: (name, place) => tableArn(place, name) },
  },
  'AWS::S3::Bucket': {
    property: 'BucketName',
    longest: 63,
    lower: true,
    ref: named,
    attributes: {
      Arn: (name, place) => bucketArn(place, name),
      DomainName: (name) => `${name}.s3.amazonaws.com`,
      RegionalDomainName: (name, { region }) => `${name}.s3.${region}.amazonaws.com`,
    },
  },
  'AWS::Logs::LogGroup': {
    property: 'LogGroupName',
    longest: 512,
    ref: named,
    attributes: { Arn: (name, place) => `${logGroupArn(place, name)}:*` },
  },
  'AWS::Logs::LogStream': { property: 'LogStreamName', longest: 512, ref: named, attributes: {} },
  'AWS::CloudWatch::Alarm': {
    property: 'AlarmName',
    longest: 255,
    ref: named,
    attributes: {
      Arn: (name, { partition, region, account }) => `arn:${partition}:cloudwatch:${region}:${account}:alarm:${name}`,
    },
  },
  'AWS::Lambda::Function': { property: 'FunctionName', longest: 64, ref: named, attributes: { Arn: functionArn } },
  'AWS::Lambda::Version': {
    property: 'FunctionName',
    longest: 140,
    ref: (name, place) => `${functionArn(functionNameOf(name), place)}:1`,
    attributes: { FunctionArn: (name, place) => `${functionArn(functionNameOf(name), place)}:1`, Version: () => '1' },
  },
  'AWS::Lambda::Alias': {
    property: 'FunctionName',
    longest: 140,
    ref: (name, place) => functionArn(functionNameOf(name), place),
    attributes: {},
  },
  'AWS::Lambda::LayerVersion': onlyRef(
    (name, { partition, region, account }) => `arn:${partition}:lambda:${region}:${account}:layer:${name}:1`,
  ),
  'AWS::IAM::Role': { property: 'RoleName', longest: 64, ref: named, attributes: { Arn: iamArn('role') } },
  'AWS::IAM::User': { property: 'UserName', longest: 64, ref: named, attributes: { Arn: iamArn('user') } },
  'AWS::IAM::ManagedPolicy': onlyRef(iamArn('policy')),
  'AWS::KMS::Key': { longest: 64, ref: uuid, attributes: { Arn: keyArn, KeyId: uuid } },
  'AWS::SNS::Subscription': onlyRef(named),
  'AWS::Lambda::EventSourceMapping': { longest: 64, ref: uuid, attributes: { Id: uuid } },
};

const NAMELESS: Naming = onlyRef();

export function namingOf(type: string): Naming {
  if (type === 'AWS::DynamoDB::GlobalTable') return NAMINGS['AWS::DynamoDB::Table']!;
  return Object.hasOwn(NAMINGS, type) ? NAMINGS[type]! : NAMELESS;
}

/** A name that CloudFormation would make. FIFO queues and topics end as SQS and SNS want it. */
export function madeName(type: string, id: string, place: Place, fifo: boolean): string {
  const { longest, lower = false } = namingOf(type);
  const suffix = fifo ? '.fifo' : '';
  return generatedName(place.stack, id, longest - suffix.length, { lower }) + suffix;
}
