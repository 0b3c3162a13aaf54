import type { Schema } from './schema.ts';

export type Path = readonly (string | number)[];

export interface SchemaFault {
  path: Path;
  /** A sentence that begins with the member's path. */
  why: string;
}

/** The first place where a value is not as its schema has it. */
export function schemaFault(schema: Schema, value: unknown, path: Path = []): SchemaFault | undefined {
  const { anyOf, type } = schema;
  if (anyOf !== undefined) return alternativeFault(schema, anyOf, value, path);
  if (type !== undefined && !isType(type, value)) return wrong(schema, value, path);
  if (Array.isArray(value)) return listFault(schema, value, path);
  if (isObject(value)) return objectFault(schema, value, path);
  return scalarHolds(schema, value) ? undefined : wrong(schema, value, path);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isType(type: NonNullable<Schema['type']>, value: unknown): boolean {
  if (type === 'object') return isObject(value);
  if (type === 'array') return Array.isArray(value);
  return type === 'integer' ? Number.isSafeInteger(value) : typeof value === type;
}

function scalarHolds({ minimum, maximum, pattern, minLength, enum: names }: Schema, value: unknown): boolean {
  if (typeof value === 'number') return value >= (minimum ?? value) && value <= (maximum ?? value);
  if (typeof value !== 'string') return true;
  if (names !== undefined && !names.includes(value)) return false;
  return value.length >= (minLength ?? 0) && (pattern === undefined || new RegExp(pattern).test(value));
}

function listFault(schema: Schema, value: readonly unknown[], path: Path): SchemaFault | undefined {
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY, items } = schema;
  if (value.length < minItems || value.length > maxItems) return wrong(schema, value, path);
  for (const [index, element] of value.entries()) {
    const fault = items && schemaFault(items, element, [...path, index]);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function objectFault(schema: Schema, value: Record<string, unknown>, path: Path): SchemaFault | undefined {
  const { properties = {}, required = [], additionalProperties, propertyNames } = schema;
  for (const [name, member] of Object.entries(value)) {
    const place = [...path, name];
    if (propertyNames !== undefined && !scalarHolds(propertyNames, name))
      return { path: place, why: `${JSON.stringify(name)} must be ${propertyNames.description}` };
    const own = Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
    if (own === false)
      return {
        path: place,
        why: `${shown(path)} has no member ${JSON.stringify(name)}; there are ${Object.keys(properties).join(', ')}`,
      };
    const fault = own && member !== undefined ? schemaFault(own, member, place) : undefined;
    if (fault !== undefined) return fault;
  }
  const missing = required.find((name) => value[name] === undefined);
  return missing === undefined ? undefined : { path, why: `${shown(path)} lacks the member ${missing}` };
}

/** What an object is meant to be shows in the members that it has; there its fault is looked for. */
function alternativeFault(
  schema: Schema,
  anyOf: readonly Schema[],
  value: unknown,
  path: Path,
): SchemaFault | undefined {
  const faults = anyOf.map((each) => schemaFault(each, value, path));
  if (faults.includes(undefined)) return undefined;
  if (!isObject(value)) return wrong(schema, value, path);
  const kinds = anyOf.map(({ type, required = [], properties = {} }) => {
    const has = type === 'object' ? required.filter((name) => Object.hasOwn(value, name)) : [];
    const isWhole = has.length > 0 && has.length === required.length;
    return { has, isMeant: isWhole && Object.keys(value).every((name) => Object.hasOwn(properties, name)) };
  });
  const meant = kinds.findIndex(({ isMeant }) => isMeant);
  if (meant !== -1) return faults[meant];
  const telling = new Set(kinds.flatMap(({ has }) => has));
  const closest = kinds.findIndex(({ has }) => has.length > 0 && has.length === telling.size);
  if (closest !== -1) return faults[closest];
  return telling.size === 0 ? wrong(schema, value, path) : mixed(schema, [...telling].sort(), path);
}

/** Members of several kinds of object, none of which is whole. */
const mixed = ({ description = 'something else' }: Schema, names: readonly string[], path: Path): SchemaFault => ({
  path,
  why: `${shown(path)} has ${names.join(' and ')}, and must be ${description}`,
});

const LONGEST = 60;

function wrong({ description = 'something else' }: Schema, value: unknown, path: Path): SchemaFault {
  const given = JSON.stringify(value) ?? typeof value;
  const cut = given.length > LONGEST ? `${given.slice(0, LONGEST)}…` : given;
  return { path, why: `${shown(path)} must be ${description}, not ${cut}` };
}

/** `consumers.orders.command[0]` */
const shown = (path: Path): string =>
  path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('');
