import { TemplateFault } from './fault.ts';
import { codeOf, functionNameOf, type TemplateFunction, type TemplateMapping } from './functions.ts';
import { type ResourceType, TAGS } from './resource-type.ts';
import type { Shape } from './shape.ts';
import { at, isObject, type Json, member } from './value.ts';

const ignored = (...names: readonly string[]) =>
  Object.fromEntries(names.map((name): [string, Shape] => [name, 'ignored']));

const lambdaFunction: ResourceType = {
  about: 'nothing on the engine: listed, for consumers that run its code',
  properties: {
    ...{ FunctionName: 'text', Handler: 'text', Runtime: 'text', Timeout: 'number', MemorySize: 'number' },
    Environment: { Variables: 'json' },
    Code: {
      ...{ ZipFile: 'text', ImageUri: 'text', S3Bucket: 'text', S3Key: 'text', Path: 'text' },
      ...ignored('S3ObjectVersion', 'S3ObjectStorageMode', 'SourceKMSKeyArn'),
    },
    ...ignored('Role', 'Architectures', 'Description', 'Layers', 'VpcConfig', 'TracingConfig', 'KmsKeyArn'),
    ...ignored('ReservedConcurrentExecutions', 'DeadLetterConfig', 'EphemeralStorage', 'FileSystemConfigs'),
    ...ignored('ImageConfig', 'PackageType', 'SnapStart', 'LoggingConfig', 'CodeSigningConfigArn', 'RecursiveLoop'),
    ...ignored(
      'RuntimeManagementConfig',
      'CapacityProviderConfig',
      'FunctionScalingConfig',
      'PublishToLatestPublished',
    ),
    Tags: TAGS,
  },
  build({ id, name, path, properties, metadata }) {
    const { Timeout = 3, MemorySize = 128, Runtime, Handler, Code, Environment } = properties;
    const variables = isObject(Environment) ? (member(Environment, 'Variables') ?? {}) : {};
    if (!isObject(variables)) throw new TemplateFault(at(path, 'Environment.Variables'), 'takes members');
    const asset = isObject(metadata) ? member(metadata, 'aws:asset:path') : undefined;
    const found: TemplateFunction = {
      ...{ id, name, timeout: Timeout as number, memory: MemorySize as number },
      ...(Runtime !== undefined && { runtime: Runtime as string }),
      ...(Handler !== undefined && { handler: Handler as string }),
      environment: Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, String(value)])),
      code: codeOf(isObject(Code) ? Code : {}, asset),
    };
    return { function: found };
  },
};

const mapping: ResourceType = {
  about: 'nothing on the engine: listed, with the function and queue it joins',
  required: ['FunctionName', 'EventSourceArn'],
  properties: {
    ...{ FunctionName: 'text', EventSourceArn: 'text', Enabled: 'flag', BatchSize: 'number' },
    ...{ MaximumBatchingWindowInSeconds: 'number', FunctionResponseTypes: ['text'] },
    FilterCriteria: { Filters: [{ Pattern: 'json' }] },
    ScalingConfig: { MaximumConcurrency: 'number' },
    ...ignored('KmsKeyArn', 'MetricsConfig', 'LoggingConfig', 'Tags', 'ProvisionedPollerConfig'),
  },
  build({ id, path, properties }) {
    const queue = properties.EventSourceArn as string;
    if (queue.split(':')[2] !== 'sqs') {
      throw new TemplateFault(at(path, 'EventSourceArn'), `${queue} is no queue`, { unknown: true });
    }
    const criteria = properties.FilterCriteria as { Filters?: { Pattern?: Json }[] } | undefined;
    const concurrency = (properties.ScalingConfig as { MaximumConcurrency?: number } | undefined)?.MaximumConcurrency;
    const found: TemplateMapping = {
      ...{ id, function: functionNameOf(properties.FunctionName as string), queue },
      enabled: (properties.Enabled ?? true) as boolean,
      batchSize: (properties.BatchSize ?? 10) as number,
      batchWindow: (properties.MaximumBatchingWindowInSeconds ?? 0) as number,
      reportBatchItemFailures: ((properties.FunctionResponseTypes ?? []) as string[]).includes(
        'ReportBatchItemFailures',
      ),
      filters: (criteria?.Filters ?? []).map(({ Pattern = {} }) => JSON.stringify(Pattern)),
      ...(concurrency !== undefined && { maximumConcurrency: concurrency }),
    };
    return { mapping: found };
  },
};

export const FUNCTION_TYPES: Readonly<Record<string, ResourceType>> = {
  'AWS::Lambda::Function': lambdaFunction,
  'AWS::Lambda::EventSourceMapping': mapping,
};
