import { invalidParameters, isValidationError, validationError } from '../errors.ts';
import { type AttributeValue, checkedValue, checkName } from '../value.ts';
import type { Path } from './ast.ts';
import { ExpressionError } from './tokens.ts';

const PLACEHOLDER = /^[#:][A-Za-z0-9_]+$/;

/** ExpressionAttributeNames and ExpressionAttributeValues of a request, and which of them its expressions used. */
export class Placeholders {
  readonly #names: Record<string, string>;
  readonly #values: Map<string, AttributeValue>;
  readonly #unusedNames: Set<string>;
  readonly #unusedValues: Set<string>;

  constructor(names: Record<string, string> | undefined, values: Record<string, AttributeValue> | undefined) {
    this.#names = names ?? {};
    this.#unusedNames = new Set(names === undefined ? [] : checkedNames(names));
    this.#values = values === undefined ? new Map() : checkedValues(values);
    this.#unusedValues = new Set(this.#values.keys());
  }

  path(path: Path): Path {
    return path.map((part) => (typeof part === 'string' && part[0] === '#' ? this.#name(part) : part));
  }

  #name(placeholder: string): string {
    if (!Object.hasOwn(this.#names, placeholder)) {
      throw new ExpressionError(
        `An expression attribute name used in the document path is not defined; attribute name: ${placeholder}`,
      );
    }
    this.#unusedNames.delete(placeholder);
    return this.#names[placeholder]!;
  }

  value(placeholder: string): AttributeValue {
    const value = this.#values.get(placeholder);
    if (value === undefined) {
      throw new ExpressionError(
        `An expression attribute value used in expression is not defined; attribute value: ${placeholder}`,
      );
    }
    this.#unusedValues.delete(placeholder);
    return value;
  }

  checkAllUsed(): void {
    if (this.#unusedNames.size > 0) throw unused('ExpressionAttributeNames', this.#unusedNames);
    if (this.#unusedValues.size > 0) throw unused('ExpressionAttributeValues', this.#unusedValues);
  }
}

function unused(parameter: string, keys: Set<string>): Error {
  return validationError(`Value provided in ${parameter} unused in expressions: keys: {${[...keys].join(', ')}}`);
}

function checkedNames(names: Record<string, string>): string[] {
  const keys = Object.keys(names);
  if (keys.length === 0) throw validationError('ExpressionAttributeNames must not be empty');
  for (const key of keys) checkPlaceholder('ExpressionAttributeNames', '#', key);
  for (const key of keys) withKey('ExpressionAttributeNames', key, () => checkName(names[key]!));
  return keys;
}

function checkedValues(values: Record<string, AttributeValue>): Map<string, AttributeValue> {
  const keys = Object.keys(values);
  if (keys.length === 0) throw validationError('ExpressionAttributeValues must not be empty');
  for (const key of keys) checkPlaceholder('ExpressionAttributeValues', ':', key);
  const checked = new Map<string, AttributeValue>();
  for (const key of keys) {
    checked.set(
      key,
      withKey('ExpressionAttributeValues', key, () => checkedValue(values[key]!)),
    );
  }
  return checked;
}

function withKey<T>(parameter: string, key: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!isValidationError(error)) throw error;
    throw validationError(`${parameter} contains invalid value: ${error.message} for key ${key}`);
  }
}

function checkPlaceholder(parameter: string, sign: '#' | ':', key: string): void {
  if (key.startsWith(sign) && PLACEHOLDER.test(key)) return;
  throw validationError(`${parameter} contains invalid key: Syntax error; key: "${key}"`);
}

/** Refuses two names that are the same in lists of attribute names. */
export function checkDistinctNames(names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    checkName(name);
    if (seen.has(name)) throw invalidParameters(`Duplicate value in attribute name: ${name}`);
    seen.add(name);
  }
}
