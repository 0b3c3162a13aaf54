import type { Declared } from './declaration.ts';
import { attempt, type Report, TemplateFault } from './fault.ts';
import { functionOf } from './intrinsics.ts';
import { expandEvent } from './serverless-events.ts';
import { at, isObject, type Json, type JsonObject, member, objectAt } from './value.ts';

export const isServerless = ({ type }: Declared): boolean => type.startsWith('AWS::Serverless::');

/** What AWS SAM makes of its own resource types, with what Globals says (AWS SAM Developer Guide). Throws TemplateFault. */
export function expandServerless(declared: Declared, globals: JsonObject, report: Report): Declared[] {
  switch (declared.type) {
    case 'AWS::Serverless::Function':
      return expandFunction(withGlobals(declared, objectAt(globals, 'Function')), report);
    case 'AWS::Serverless::SimpleTable':
      return [simpleTable(withGlobals(declared, objectAt(globals, 'SimpleTable')))];
    case 'AWS::Serverless::LayerVersion':
      return [{ ...declared, type: 'AWS::Lambda::LayerVersion' }];
    default:
      return [declared];
  }
}

function withGlobals(declared: Declared, globals: JsonObject): Declared {
  return { ...declared, properties: merged(globals, declared.properties) as JsonObject };
}

/** SAM Developer Guide, "Globals section": members are merged, lists are joined, anything else is replaced. */
function merged(global: Json | undefined, own: Json | undefined): Json {
  if (global === undefined || own === undefined) return own ?? global ?? null;
  if (Array.isArray(global) && Array.isArray(own)) return [...global, ...own];
  if (!isObject(global) || !isObject(own) || functionOf(global) !== undefined || functionOf(own) !== undefined)
    return own;
  const names = new Set([...Object.keys(global), ...Object.keys(own)]);
  return Object.fromEntries([...names].map((name) => [name, merged(member(global, name), member(own, name))]));
}

/** Known to SAM, and without effect here. */
const WITHOUT_EFFECT = new Set([
  ...['Policies', 'PolicyDocument', 'PermissionsBoundary', 'AssumeRolePolicyDocument', 'RolePath', 'AutoPublishAlias'],
  ...['AutoPublishAliasAllProperties', 'AutoPublishCodeSha256', 'DeploymentPreference', 'ProvisionedConcurrencyConfig'],
  ...[
    'Tracing',
    'DeadLetterQueue',
    'VersionDescription',
    'VersionDeletionPolicy',
    'PropagateTags',
    'EventInvokeConfig',
  ],
]);
const OWN = new Set(['CodeUri', 'InlineCode', 'ImageUri', 'Events', 'Tags']);

function expandFunction(declared: Declared, report: Report): Declared[] {
  const { id, properties, path } = declared;
  const entries = Object.entries(properties).filter(([name]) => !WITHOUT_EFFECT.has(name) && !OWN.has(name));
  const tags = tagList(member(properties, 'Tags'));
  const own = { ...Object.fromEntries(entries), Code: codeOf(properties), ...(tags !== undefined && { Tags: tags }) };
  const role: Declared = { ...declared, id: `${id}Role`, type: 'AWS::IAM::Role', properties: {}, dependsOn: [] };
  const events = Object.entries(objectAt(properties, 'Events')).flatMap(
    ([name, event]) => attempt(() => expandEvent(declared, name, event), report) ?? [],
  );
  const made: Declared = { ...declared, type: 'AWS::Lambda::Function', properties: own, path };
  return [made, ...(member(properties, 'Role') === undefined ? [role] : []), ...events];
}

function codeOf(properties: JsonObject): JsonObject {
  const uri = member(properties, 'CodeUri');
  if (isObject(uri) && functionOf(uri) === undefined) {
    return { S3Bucket: member(uri, 'Bucket') ?? '', S3Key: member(uri, 'Key') ?? '' };
  }
  if (uri !== undefined) return { Path: uri };
  const inline = member(properties, 'InlineCode');
  if (inline !== undefined) return { ZipFile: inline };
  const image = member(properties, 'ImageUri');
  return image === undefined ? {} : { ImageUri: image };
}

/** SAM writes tags as a map. */
function tagList(tags: Json | undefined): Json | undefined {
  if (!isObject(tags) || functionOf(tags) !== undefined) return tags;
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

const KEY_TYPES: Readonly<Record<string, string>> = { String: 'S', Number: 'N', Binary: 'B' };

function simpleTable(declared: Declared): Declared {
  const { properties, path } = declared;
  const { PrimaryKey, Tags, ProvisionedThroughput, ...rest } = properties;
  const key = isObject(PrimaryKey) ? PrimaryKey : {};
  const AttributeName = member(key, 'Name') ?? 'id';
  const type = String(member(key, 'Type') ?? 'String');
  const AttributeType = member(KEY_TYPES, type);
  if (AttributeType === undefined) throw new TemplateFault(at(path, 'PrimaryKey.Type'), `${type} is no type of a key`);
  const tags = tagList(Tags);
  const throughput =
    ProvisionedThroughput === undefined ? { BillingMode: 'PAY_PER_REQUEST' } : { ProvisionedThroughput };
  return {
    ...declared,
    type: 'AWS::DynamoDB::Table',
    properties: {
      ...{ ...rest, ...throughput, ...(tags !== undefined && { Tags: tags }) },
      AttributeDefinitions: [{ AttributeName, AttributeType }],
      KeySchema: [{ AttributeName, KeyType: 'HASH' }],
    },
  };
}
