import { TemplateFault } from './fault.ts';
import { PSEUDO, type Scope } from './scope.ts';
import { at, isObject, type Json, member } from './value.ts';

type Intrinsic = (argument: Json, path: string, scope: Scope) => Json | undefined;

/** The name of the function that an object calls: it has one member, `Ref`, `Condition` or `Fn::...`. */
export function functionOf(value: Json): string | undefined {
  if (!isObject(value)) return undefined;
  const [name, ...others] = Object.keys(value);
  return others.length === 0 && name !== undefined && /^(Ref$|Fn::)/.test(name) ? name : undefined;
}

/** A value with all its functions worked out; undefined for AWS::NoValue. Throws TemplateFault. */
export function evaluate(value: Json, path: string, scope: Scope): Json | undefined {
  const name = functionOf(value);
  if (name !== undefined) return call(name, (value as { [name: string]: Json })[name]!, path, scope);
  if (Array.isArray(value)) {
    return value.map((each, index) => evaluate(each, at(path, index), scope)).filter((each) => each !== undefined);
  }
  if (!isObject(value)) return value;
  const members = Object.entries(value).map(([key, each]) => [key, evaluate(each, at(path, key), scope)] as const);
  return Object.fromEntries(members.filter(([, each]) => each !== undefined)) as Json;
}

function call(name: string, argument: Json, path: string, scope: Scope): Json | undefined {
  const intrinsic = member(INTRINSICS, name);
  if (intrinsic === undefined) throw new TemplateFault(path, `function ${name} is not known`, { unknown: true });
  return intrinsic(argument, at(path, name), scope);
}

/** The branch of Fn::If that holds, not yet worked out, so that what is in it can be named by its own path. */
export function branchOf(value: Json, path: string, scope: Scope): { value: Json; path: string } {
  if (functionOf(value) !== 'Fn::If') return { value, path };
  const inner = at(path, 'Fn::If');
  const [name, ...branches] = list((value as { [name: string]: Json })['Fn::If']!, inner, 3);
  const index = isTrue(text(name!, inner), inner, scope) ? 0 : 1;
  return branchOf(branches[index]!, at(inner, index + 1), scope);
}

/** Whether a condition of the section Conditions holds. */
export function isTrue(name: string, path: string, scope: Scope, above: readonly string[] = []): boolean {
  if (above.includes(name))
    throw new TemplateFault(path, `conditions refer to each other: ${[...above, name].join(' -> ')}`);
  const condition = member(scope.conditions, name);
  if (condition === undefined) throw new TemplateFault(path, `there is no condition ${name}`);
  return holds(condition, `Conditions.${name}`, scope, [...above, name]);
}

function holds(condition: Json, path: string, scope: Scope, above: readonly string[]): boolean {
  const [name, argument] = isObject(condition) ? (Object.entries(condition)[0] ?? ['', null]) : ['', null];
  const inner = at(path, name);
  const each = () => list(argument, inner).map((one, index) => holds(one, at(inner, index), scope, above));
  switch (name) {
    case 'Condition':
      return isTrue(text(argument, inner), inner, scope, above);
    case 'Fn::And':
      return each().every(Boolean);
    case 'Fn::Or':
      return each().some(Boolean);
    case 'Fn::Not':
      return !each()[0];
    case 'Fn::Equals': {
      const [one, other] = list(argument, inner, 2).map((side) => evaluate(side, inner, scope));
      return typeof one === 'object' ? JSON.stringify(one) === JSON.stringify(other) : String(one) === String(other);
    }
    default:
      throw new TemplateFault(path, `condition function ${name || JSON.stringify(condition)} is not known`, {
        unknown: true,
      });
  }
}

function list(value: Json, path: string, length?: number): readonly Json[] {
  if (!Array.isArray(value)) throw new TemplateFault(path, 'takes a list');
  if (length !== undefined && value.length !== length) throw new TemplateFault(path, `takes a list of ${length}`);
  return value;
}

function text(value: Json | undefined, path: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new TemplateFault(path, `takes text, not ${JSON.stringify(value)?.slice(0, 60) ?? 'AWS::NoValue'}`);
}

const worked = (value: Json, path: string, scope: Scope) => evaluate(value, path, scope);

function listOf(value: Json, path: string, scope: Scope): readonly Json[] {
  return list(worked(value, path, scope) ?? null, path);
}

export const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (name, path, scope) => reference(text(name, path), path, scope),
  'Fn::GetAtt': (argument, path, scope) => {
    const parts = typeof argument === 'string' ? split(argument) : list(argument, path);
    const attribute = parts.slice(1).map((part) => text(worked(part, path, scope), path));
    return scope.getAtt(text(parts[0], path), attribute.join('.'), path);
  },
  'Fn::Sub': substitute,
  'Fn::Join': (argument, path, scope) => {
    const [delimiter, values] = list(argument, path, 2);
    return listOf(values!, path, scope)
      .map((each) => text(each, path))
      .join(text(delimiter!, path));
  },
  'Fn::Split': (argument, path, scope) => {
    const [delimiter, source] = list(argument, path, 2);
    return text(worked(source!, path, scope), path).split(text(delimiter!, path));
  },
  'Fn::Select': (argument, path, scope) => {
    const [index, values] = list(argument, path, 2);
    const position = Number(text(worked(index!, path, scope), path));
    const found = listOf(values!, path, scope)[position];
    if (found === undefined) throw new TemplateFault(path, `there is no element ${position}`);
    return found;
  },
  'Fn::If': (argument, path, scope) => {
    const [name, yes, no] = list(argument, path, 3);
    const holding = isTrue(text(name!, path), path, scope);
    return evaluate(holding ? yes! : no!, at(path, holding ? 1 : 2), scope);
  },
  'Fn::FindInMap': (argument, path, scope) => {
    const keys = list(argument, path).map((each) => worked(each, path, scope));
    let found: Json | undefined = scope.mappings;
    for (const key of keys.slice(0, 3)) found = isObject(found) ? member(found, text(key, path)) : undefined;
    const fallback = isObject(keys[3]) ? member(keys[3], 'DefaultValue') : undefined;
    const value = found ?? fallback;
    if (value !== undefined) return value;
    throw new TemplateFault(path, `Mappings have no ${keys.slice(0, 3).join('.')}`);
  },
  'Fn::ImportValue': (argument, path, scope) => {
    const name = text(worked(argument, path, scope), path);
    const found = scope.place.exports.get(name);
    if (found !== undefined) return found;
    throw new TemplateFault(path, `no template given before this one exports ${name}`);
  },
  'Fn::Base64': (argument, path, scope) => Buffer.from(text(worked(argument, path, scope), path)).toString('base64'),
};

const split = (dotted: string): Json[] => {
  const dot = dotted.indexOf('.');
  return dot < 0 ? [dotted] : [dotted.slice(0, dot), dotted.slice(dot + 1)];
};

function reference(name: string, path: string, scope: Scope): Json | undefined {
  if (name === 'AWS::NoValue') return undefined;
  const pseudo = member(PSEUDO, name);
  if (pseudo !== undefined) return pseudo(scope.place);
  const parameter = scope.parameters.get(name);
  if (parameter !== undefined) return parameter;
  return scope.ref(name, path);
}

/** `${Name}`, `${Resource.Attribute}`, `${!literal}`, with a map of names of its own. */
function substitute(argument: Json, path: string, scope: Scope): Json {
  const [template, own] = typeof argument === 'string' ? [argument, {}] : list(argument, path, 2);
  const names = isObject(own) ? own : {};
  return text(template, path).replace(/\$\{(!?)([^{}]*)\}/g, (_, literal: string, inner: string) => {
    if (literal !== '') return `\${${inner}}`;
    const name = inner.trim();
    const given = member(names, name);
    if (given !== undefined) return text(worked(given, path, scope), path);
    if (!name.includes('.')) return text(reference(name, path, scope), path);
    const [id, attribute] = split(name) as [string, string];
    return text(scope.getAtt(id, attribute, path), path);
  });
}
