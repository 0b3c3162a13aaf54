import type { Json, JsonObject } from './value.ts';

/** Where a template would be deployed; every name, ARN and URL follows from it. */
export interface Place {
  account: string;
  region: string;
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  partition: string;
  stack: string;
  /** URL of a queue by its name. */
  queueUrl(name: string): string;
  /** Values that other templates export, by name. */
  exports: ReadonlyMap<string, Json>;
}

/** What the functions of a template look things up in. */
export interface Scope {
  place: Place;
  parameters: ReadonlyMap<string, Json>;
  mappings: JsonObject;
  conditions: JsonObject;
  /** What Ref gives for a resource; throws TemplateFault. */
  ref(id: string, path: string): Json;
  getAtt(id: string, attribute: string, path: string): Json;
  isResource(id: string): boolean;
}

export const PSEUDO: Readonly<Record<string, (place: Place) => Json>> = {
  'AWS::AccountId': ({ account }) => account,
  'AWS::Region': ({ region }) => region,
  'AWS::Partition': ({ partition }) => partition,
  'AWS::StackName': ({ stack }) => stack,
  'AWS::StackId': ({ partition, region, account, stack }) =>
    `arn:${partition}:cloudformation:${region}:${account}:stack/${stack}/00000000-0000-0000-0000-000000000000`,
  'AWS::URLSuffix': ({ partition }) => (partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'),
  'AWS::NotificationARNs': () => [],
};
