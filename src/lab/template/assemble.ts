import { type Attributes, type Desired, idOf, STACK_TAG, type Value } from '../../topology/resources.ts';
import type { Declared } from './declaration.ts';
import { attempt, type Note, type Report, TemplateFault } from './fault.ts';
import type { TemplateFunction, TemplateMapping } from './functions.ts';
import { RESOURCE_TYPES, WITHOUT_EFFECT } from './known-types.ts';
import type { Outcome } from './made.ts';
import { cycleIn, referencesOf } from './references.ts';
import type { ResourceNames } from './resource-names.ts';
import type { Scope } from './scope.ts';
import { readShape } from './shape.ts';
import { at, isObject, type Json, member } from './value.ts';

export interface Assembled {
  desired: Desired[];
  functions: TemplateFunction[];
  mappings: TemplateMapping[];
  withoutEffect: Note[];
}

type NamedScope = Scope & { names: ResourceNames };
type Made = Omit<Desired, 'needs'>;

/** Builds every resource, and joins what several of them say of one: a queue and its policy. Throws TemplateFault. */
export function assemble(declared: readonly Declared[], scope: NamedScope, report: Report): Assembled {
  const graph = new Map(
    declared.map((each) => [each.id, attempt(() => dependencies(each, scope), report) ?? new Set<string>()]),
  );
  const cycle = cycleIn(graph);
  if (cycle !== undefined) throw new TemplateFault(`Resources.${cycle[0]}`, `needs itself: ${cycle.join(' -> ')}`);
  const servants = deploymentFunctions(declared, scope);
  const assembled: Assembled = { desired: [], functions: [], mappings: [], withoutEffect: [] };
  const outcomes = new Map<string, Outcome>();
  for (const each of declared) {
    const reason = servants.has(each.id) ? 'it serves the deployment alone' : member(WITHOUT_EFFECT, each.type);
    if (reason !== undefined) {
      const path = `Resources.${each.id}`;
      // What SAM adds of its own is nothing that the template says.
      if (each.path.startsWith(`${path}.`)) assembled.withoutEffect.push({ path, message: `${each.type}: ${reason}` });
      continue;
    }
    const outcome = attempt(() => build(each, scope, report), report);
    if (outcome === undefined) continue;
    outcomes.set(each.id, outcome);
    if (outcome.function !== undefined) assembled.functions.push(outcome.function);
    if (outcome.mapping !== undefined) assembled.mappings.push(outcome.mapping);
  }
  assembled.desired = withNeeds(joined(outcomes, report), outcomes, graph);
  return assembled;
}

function dependencies({ properties, path, dependsOn, id }: Declared, scope: Scope): Set<string> {
  const found = referencesOf(properties, path, scope);
  for (const name of dependsOn) {
    if (!scope.isResource(name)) throw new TemplateFault(`Resources.${id}.DependsOn`, `there is no resource ${name}`);
    found.add(name);
  }
  return found;
}

/** Functions that only answer to custom resources, as CDK's providers do. */
function deploymentFunctions(declared: readonly Declared[], scope: Scope): Set<string> {
  const tokens = declared.flatMap(({ type, properties, path }) => {
    const token = /^(Custom::|AWS::CloudFormation::CustomResource$)/.test(type)
      ? member(properties, 'ServiceToken')
      : undefined;
    return token === undefined ? [] : [...referencesOf(token, at(path, 'ServiceToken'), scope)];
  });
  return new Set(tokens);
}

function build(declared: Declared, scope: NamedScope, report: Report): Outcome {
  const { id, type, path, properties, metadata } = declared;
  const known = member(RESOURCE_TYPES, type);
  if (known === undefined) {
    throw new TemplateFault(`Resources.${id}`, `resource type ${type} is not known`, { unknown: true });
  }
  const read = (readShape(known.properties, properties, path, scope, report) ?? {}) as { [name: string]: Json };
  for (const name of known.required ?? []) {
    if (read[name] === undefined) {
      // Left out because what it says is not known; then so is the resource.
      const given = Object.hasOwn(properties, name);
      throw new TemplateFault(at(path, name), given ? 'is required, and was left out' : 'is required', {
        unknown: given,
      });
    }
  }
  const { place } = scope;
  const tags = { ...tagsOf(read.Tags), [STACK_TAG]: place.stack };
  return known.build({ id, path, name: scope.names.nameOf(id, scope), properties: read, metadata, place, tags });
}

function tagsOf(tags: Json | undefined): Record<string, string> {
  const listed = Array.isArray(tags) ? tags.filter(isObject) : [];
  return Object.fromEntries(listed.map(({ Key, Value }) => [String(Key), String(Value ?? '')]));
}

/** Everything that is to be made, by id, with what others say of it. */
function joined(outcomes: ReadonlyMap<string, Outcome>, report: Report): Map<string, { owner: string; made: Made }> {
  const found = new Map<string, { owner: string; made: Made }>();
  for (const [owner, { desired, more = [] }] of outcomes) {
    for (const made of [...(desired === undefined ? [] : [desired]), ...more]) {
      const id = idOf(made);
      const other = found.get(id);
      if (other === undefined) found.set(id, { owner, made });
      else report(new TemplateFault(`Resources.${owner}`, `${id} is also what ${other.owner} makes`));
    }
  }
  for (const [owner, { adds = [] }] of outcomes) {
    for (const { kind, name, attributes } of adds) {
      const target = found.get(idOf({ kind, name }));
      if (target === undefined) {
        report(new TemplateFault(`Resources.${owner}`, `${kind} ${name} is not made by this template`));
      } else target.made = { ...target.made, attributes: added(target.made.attributes, attributes) };
    }
  }
  return found;
}

/** Lists grow, as the streams of a log group do; of two policies AWS keeps the later one. */
function added(attributes: Attributes, more: Attributes): Attributes {
  const entries = Object.entries(more).map(([name, value]): [string, Value] => {
    const known = attributes[name];
    return [name, Array.isArray(known) && Array.isArray(value) ? [...known, ...value].sort() : value];
  });
  return { ...attributes, ...Object.fromEntries(entries) };
}

/**
 * The order in which things are made: that of the references, where a policy stands for what it belongs to. What a policy itself
 * refers to does not count, as it is part of its queue: ARNs are known before anything is made.
 */
function withNeeds(
  found: ReadonlyMap<string, { owner: string; made: Made }>,
  outcomes: ReadonlyMap<string, Outcome>,
  graph: ReadonlyMap<string, ReadonlySet<string>>,
): Desired[] {
  const provides = (id: string): string[] => {
    const { desired, adds = [] } = outcomes.get(id) ?? {};
    return [...(desired === undefined ? [] : [desired]), ...adds].map(idOf);
  };
  const needs = new Map(
    [...found].map(([id, { owner, made }]) => {
      const own = outcomes.get(owner)!.desired;
      const inner = own === undefined || idOf(own) === id ? [] : [idOf(own)];
      const ends = made.joins === undefined ? [] : endsOf(made, found);
      const all = [...[...(graph.get(owner) ?? [])].flatMap(provides), ...inner, ...ends];
      return [id, new Set(all.filter((need) => need !== id && found.has(need)))] as const;
    }),
  );
  const cycle = cycleIn(needs);
  if (cycle !== undefined) throw new TemplateFault('Resources', `these need each other: ${cycle.join(' -> ')}`);
  return [...found].map(([id, { made }]) => ({ ...made, needs: [...needs.get(id)!] }));
}

/** Topic and queue of a subscription, where they are written as ARNs. */
function endsOf({ joins }: Made, found: ReadonlyMap<string, unknown>): string[] {
  const last = (arn: string) => arn.slice(arn.lastIndexOf(':') + 1);
  const ends = [
    idOf({ kind: 'topic', name: last(joins!.topic) }),
    idOf({ kind: 'queue', name: last(joins!.endpoint) }),
  ];
  return ends.filter((id) => found.has(id));
}
