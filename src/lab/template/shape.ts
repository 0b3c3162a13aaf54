import { type Report, TemplateFault } from './fault.ts';
import { branchOf, evaluate, functionOf } from './intrinsics.ts';
import type { Scope } from './scope.ts';
import { at, isObject, type Json, member } from './value.ts';

/**
 * What a property may hold: a scalar, any JSON, a list of a shape, or members each of a shape. `ignored` is known to
 * CloudFormation and changes nothing here: it is not even read.
 */
export type Shape =
  | 'text'
  | 'number'
  | 'flag'
  | 'json'
  | 'ignored'
  | readonly [Shape]
  | { readonly [name: string]: Shape };

/** The value of a property with its functions worked out; undefined when it is left out. Throws TemplateFault. */
export function readShape(
  shape: Shape,
  given: Json,
  givenPath: string,
  scope: Scope,
  report: Report,
): Json | undefined {
  const { value: raw, path } = branchOf(given, givenPath, scope);
  if (shape === 'json') return readJson(evaluate(raw, path, scope), path);
  const value = typeof shape === 'string' || functionOf(raw) !== undefined ? evaluate(raw, path, scope) : raw;
  if (value === undefined) return undefined;
  if (typeof shape === 'string') return readScalar(shape, value, path);
  const part = (of: Shape, each: Json, name: string | number) => unlessUnknown(at(path, name), of, each, scope, report);
  if (isList(shape)) {
    const members = Array.isArray(value) ? value : [value as Json];
    return members.map((each, index) => part(shape[0], each, index)).filter((each) => each !== undefined);
  }
  if (!isObject(value)) throw new TemplateFault(path, `takes members, not ${shown(value)}`);
  const entries = Object.entries(value).map(([name, each]): [string, Json | undefined] => {
    const of = member(shape, name);
    if (of === 'ignored') return [name, undefined];
    if (of !== undefined) return [name, part(of, each, name)];
    report(new TemplateFault(at(path, name), 'property is not known here', { unknown: true }));
    return [name, undefined];
  });
  return Object.fromEntries(entries.filter(([, each]) => each !== undefined)) as Json;
}

const isList = (shape: Shape): shape is readonly [Shape] => Array.isArray(shape);

function unlessUnknown(path: string, shape: Shape, value: Json, scope: Scope, report: Report): Json | undefined {
  try {
    return readShape(shape, value, path, scope, report);
  } catch (error) {
    if (!(error instanceof TemplateFault) || !error.unknown) throw error;
    report(error);
    return undefined;
  }
}

/** A policy may be given as the text of its JSON. */
function readJson(value: Json | undefined, path: string): Json | undefined {
  if (typeof value !== 'string' || !/^\s*[{[]/.test(value)) return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    throw new TemplateFault(path, `is no JSON: ${value.slice(0, 60)}`);
  }
}

function readScalar(shape: string, value: Json, path: string): Json {
  if (typeof value === 'object') throw new TemplateFault(path, `takes a ${shape}, not ${shown(value)}`);
  if (shape === 'text') return String(value);
  if (shape === 'number') {
    const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
    if (Number.isFinite(number)) return number;
  } else if (/^(true|false)$/i.test(String(value))) return String(value).toLowerCase() === 'true';
  throw new TemplateFault(path, `takes a ${shape}, not ${shown(value)}`);
}

const shown = (value: Json) => JSON.stringify(value).slice(0, 60);
