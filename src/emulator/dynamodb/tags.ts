import { AwsError } from '../core/errors.ts';
import type { Context } from '../core/types.ts';
import { invalidParameters, validationError } from './errors.ts';
import type { DynamoState, Table } from './state.ts';
import { tableNameOf } from './table-access.ts';

export interface Tag {
  Key: string;
  Value: string;
}

/** "Each table can have up to 50 user-defined tags" (Developer Guide, Tagging restrictions). */
const MOST_TAGS = 50;
const PAGE = 10;

/** "Letters, white space, and numbers, plus the special characters + - = . _ : /" and @ (Developer Guide, Tagging). */
const CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** `tags` with more tags; those of the same key are replaced. */
export function checkTags(tags: ReadonlyMap<string, string>, added: readonly Tag[]): Map<string, string> {
  const all = new Map(tags);
  const keys = new Set<string>();
  for (const { Key, Value } of added) {
    if (Key.toLowerCase().startsWith('aws:'))
      throw validationError(`Tag Key cannot be prefixed with aws:, Key: ${Key}`);
    if (!CHARACTERS.test(Key)) throw validationError(`The Tag Key provided is invalid, Key: ${Key}`);
    if (!CHARACTERS.test(Value)) throw validationError(`The Tag Value provided is invalid, Value: ${Value}`);
    if (keys.has(Key)) {
      throw validationError(`Duplicate Tag Keys provided as input: Duplicate Tag Key found ${Key}`);
    }
    keys.add(Key);
    all.set(Key, Value);
  }
  if (all.size > MOST_TAGS) {
    throw validationError('Number of Tags exceed the current limit for the provided ResourceArn');
  }
  return all;
}

export function tagResource(context: Context<DynamoState>, input: { ResourceArn: string; Tags: Tag[] }) {
  const table = taggedTable(context, input.ResourceArn);
  if (input.Tags.length === 0) throw validationError('Atleast one Tag needs to be provided as Input.');
  table.tags = checkTags(table.tags, input.Tags);
  return {};
}

export function untagResource(context: Context<DynamoState>, input: { ResourceArn: string; TagKeys: string[] }) {
  const table = taggedTable(context, input.ResourceArn);
  if (input.TagKeys.length === 0) throw validationError('Atleast one Tag Key needs to be provided as Input.');
  for (const key of input.TagKeys) table.tags.delete(key);
  return {};
}

/** Ten tags a page (Developer Guide, Tagging); the token is the key of the last one. */
export function listTagsOfResource(context: Context<DynamoState>, input: { ResourceArn: string; NextToken?: string }) {
  const tags = [...taggedTable(context, input.ResourceArn).tags];
  const start =
    input.NextToken === undefined ? 0 : tags.findIndex(([key]) => key === decodedToken(input.NextToken!)) + 1;
  const page = tags.slice(start, start + PAGE);
  return {
    Tags: page.map(([Key, Value]) => ({ Key, Value })),
    NextToken: start + PAGE < tags.length ? Buffer.from(page[PAGE - 1]![0]).toString('base64') : undefined,
  };
}

function decodedToken(token: string): string {
  return Buffer.from(token, 'base64').toString();
}

function taggedTable(context: Context<DynamoState>, arn: string): Table {
  refuseArn(context, arn);
  const name = tableNameOf(context, arn);
  const table = name === undefined ? undefined : context.state.tables.get(name);
  if (table !== undefined) return table;
  throw new AwsError('ResourceNotFoundException', `Requested resource not found: ResourcArn: ${arn} not found`);
}

/** Wording: ack-api-quirks, DDB-TABLE-442. */
function refuseArn(context: Context<DynamoState>, arn: string): void {
  if (!arn.startsWith('arn:')) throw invalidParameters(`ARNs must start with 'arn:': ${arn}`);
  if (!/^arn:[^:]*:dynamodb:/.test(arn)) throw invalidParameters(`Provided Arn is not a DynamoDB resource arn: ${arn}`);
  if (arn.includes('/index/')) {
    throw invalidParameters(
      `Invalid resource arn provided, only table or stream is accepted. Provided resource arn: ${arn}`,
    );
  }
  const [, region, name] = /^arn:aws:dynamodb:([^:]+):[0-9]+:table\/([a-zA-Z0-9_.-]{3,255})$/.exec(arn) ?? [];
  if (name !== undefined && region === context.region) return;
  throw validationError(`Invalid TableArn: Invalid ResourceArn provided as input ${arn}`);
}
