import { CliffracerError } from '../../errors.ts';
import type { Desired } from '../../topology/resources.ts';
import { assemble } from './assemble.ts';
import type { Declared } from './declaration.ts';
import { declaredResources } from './declared.ts';
import { attempt, type Note, type Report, TemplateFault } from './fault.ts';
import type { TemplateFunction, TemplateMapping } from './functions.ts';
import { evaluate, isTrue } from './intrinsics.ts';
import { parameterValues } from './parameters.ts';
import { ResourceNames } from './resource-names.ts';
import type { Place, Scope } from './scope.ts';
import { isObject, type Json, type JsonObject, member, objectAt } from './value.ts';

export interface CompileOptions {
  /** For messages. */
  file: string;
  place: Place;
  /** Values of parameters, by name. */
  parameters: ReadonlyMap<string, string>;
  /** Leaves out what is not known instead of refusing the template. */
  skipUnknown: boolean;
}

export interface Output {
  name: string;
  value: Json;
  /** Under which other templates import it. */
  exported?: string;
}

/** A template as resources to be made, and as data. */
export interface CompiledTemplate {
  desired: Desired[];
  functions: TemplateFunction[];
  mappings: TemplateMapping[];
  outputs: Output[];
  /** What is not known and was left out. */
  leftOut: Note[];
  /** What is known and has no effect here. */
  withoutEffect: Note[];
}

/**
 * Works a template out, without calling anything. Throws `invalid_input` for what is wrong with it and `unsupported` for what
 * is not known here; both name every place.
 */
export function compileTemplate(template: JsonObject, options: CompileOptions): CompiledTemplate {
  const { file, place, skipUnknown } = options;
  const faults: TemplateFault[] = [];
  // A name that is not known is met again wherever it is used.
  const told = new Set<string>();
  const report: Report = (fault) => {
    const { size } = told;
    if (told.add(`${fault.path}\0${fault.message}`).size > size) faults.push(fault);
  };
  const tried = <T>(work: () => T): T | undefined => attempt(work, report);
  const withoutEffect: Note[] = sectionNotes(template, report);
  const parameters = tried(() => parameterValues(template, options.parameters)) ?? new Map();
  if (faults.some((fault) => !fault.unknown)) throw refusal(file, faults);
  const declared = declaredResources(template, report);
  const scope = scopeOf(template, place, parameters, declared);
  const made = declared.filter((each) => tried(() => condition(each, scope)));
  scope.names.keep(made);
  const parts = tried(() => assemble(made, scope, report));
  const outputs = outputsOf(template, scope, report);
  if (faults.some((fault) => !fault.unknown) || (faults.length > 0 && !skipUnknown)) throw refusal(file, faults);
  const { withoutEffect: more, ...rest } = parts!;
  const leftOut = faults.map(({ path, message }) => ({ path, message }));
  return { ...rest, outputs, leftOut, withoutEffect: [...withoutEffect, ...more] };
}

const condition = ({ id, condition: name }: Declared, scope: Scope) =>
  name === undefined || isTrue(name, `Resources.${id}.Condition`, scope);

const SECTIONS = new Set([
  ...['AWSTemplateFormatVersion', 'Description', 'Metadata', 'Parameters', 'Mappings', 'Conditions', 'Transform'],
  ...['Resources', 'Outputs', 'Globals', 'Rules', 'Hooks'],
]);

function sectionNotes(template: JsonObject, report: Report): Note[] {
  for (const name of Object.keys(template)) {
    if (!SECTIONS.has(name)) report(new TemplateFault(name, 'is no section of a template'));
  }
  for (const name of [member(template, 'Transform') ?? []].flat() as Json[]) {
    if (name === 'AWS::Serverless-2016-10-31') continue;
    const shown = isObject(name) ? member(name, 'Name') : name;
    report(new TemplateFault('Transform', `macro ${String(shown)} is not known`, { unknown: true }));
  }
  const notes = ['Rules', 'Hooks'].filter((name) => Object.hasOwn(template, name));
  const kept = Object.entries(objectAt(template, 'Resources')).filter(
    ([, each]) =>
      isObject(each) && ['Retain', 'RetainExceptOnCreate', 'Snapshot'].includes(String(each.DeletionPolicy)),
  );
  return [
    ...notes.map((path) => ({ path, message: 'not checked' })),
    ...kept.map(([id]) => ({ path: `Resources.${id}.DeletionPolicy`, message: 'nothing is deleted by provision' })),
  ];
}

type NamedScope = Scope & { names: ResourceNames };

function scopeOf(
  template: JsonObject,
  place: Place,
  parameters: ReadonlyMap<string, Json>,
  declared: readonly Declared[],
): NamedScope {
  const names = new ResourceNames(declared, place);
  const scope: NamedScope = {
    ...{ place, parameters, names },
    mappings: objectAt(template, 'Mappings'),
    conditions: objectAt(template, 'Conditions'),
    ref: (id, path) => names.ref(id, path, scope),
    getAtt: (id, attribute, path) => names.getAtt(id, attribute, path, scope),
    isResource: (id) => names.has(id),
  };
  return scope;
}

function outputsOf(template: JsonObject, scope: Scope, report: Report): Output[] {
  return Object.entries(objectAt(template, 'Outputs')).flatMap(([name, output]): Output[] => {
    const path = `Outputs.${name}`;
    const found = attempt(() => outputOf(name, isObject(output) ? output : {}, path, scope), report);
    return found === undefined ? [] : [found];
  });
}

function outputOf(name: string, output: JsonObject, path: string, scope: Scope): Output | undefined {
  const only = member(output, 'Condition');
  if (typeof only === 'string' && !isTrue(only, `${path}.Condition`, scope)) return undefined;
  const value = evaluate(member(output, 'Value') ?? null, `${path}.Value`, scope);
  if (value === undefined || value === null) throw new TemplateFault(`${path}.Value`, 'is required');
  const exported = evaluate(member(objectAt(output, 'Export'), 'Name') ?? null, `${path}.Export.Name`, scope);
  return { name, value, ...(typeof exported === 'string' && { exported }) };
}

const MOST_SHOWN = 50;

function refusal(file: string, faults: readonly TemplateFault[]): CliffracerError {
  const wrong = faults.filter(({ unknown }) => !unknown);
  const shown = wrong.length > 0 ? wrong : faults;
  const lines = shown.slice(0, MOST_SHOWN).map(({ path, message }) => `${path}: ${message}`);
  const more = shown.length > MOST_SHOWN ? [`and ${shown.length - MOST_SHOWN} more`] : [];
  const rest = shown.length === 1 ? '' : `, and ${shown.length - 1} more`;
  if (wrong.length > 0) {
    const message = `template ${file} is wrong at ${lines[0]}${rest}`;
    return new CliffracerError('invalid_input', message, { details: [...lines, ...more], hint: `mend ${file}` });
  }
  return new CliffracerError('unsupported', `template ${file} has what is not known here: ${lines[0]}${rest}`, {
    details: [...lines, ...more],
    hint: `leave it out: cliffracer provision --template ${file} --skip-unknown`,
  });
}

/** What a template exports, for those after it. */
export const exportsOf = ({ outputs }: CompiledTemplate): [string, Json][] =>
  outputs.flatMap(({ exported, value }): [string, Json][] => (exported === undefined ? [] : [[exported, value]]));
