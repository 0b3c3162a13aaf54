import { TemplateFault } from './fault.ts';
import { isObject, type Json, type JsonObject, member, objectAt } from './value.ts';

/**
 * Values of the section Parameters: what was given, else the default, checked as CloudFormation checks it (CloudFormation
 * User Guide, "Parameters"). Throws TemplateFault. Parameters whose value is kept elsewhere (Systems Manager) have one only
 * when it is given.
 */
export function parameterValues(template: JsonObject, given: ReadonlyMap<string, string>): Map<string, Json> {
  const values = new Map<string, Json>();
  for (const [name, declaration] of Object.entries(objectAt(template, 'Parameters'))) {
    const path = `Parameters.${name}`;
    if (!isObject(declaration)) throw new TemplateFault(path, 'is no object');
    const type = String(member(declaration, 'Type') ?? 'String');
    const fallback = type.startsWith('AWS::SSM::') ? undefined : member(declaration, 'Default');
    const text = given.get(name) ?? (fallback === undefined ? undefined : String(fallback));
    if (text !== undefined) values.set(name, checked(text, type, declaration, path));
    else if (!type.startsWith('AWS::SSM::'))
      throw new TemplateFault(path, `has no value: give --parameter ${name}=VALUE`);
  }
  return values;
}

function checked(text: string, type: string, declaration: JsonObject, path: string): Json {
  const refuse = (why: string) => new TemplateFault(path, `${JSON.stringify(text.slice(0, 60))} ${why}`);
  const number = (name: string) => {
    const limit = member(declaration, name);
    return limit === undefined ? undefined : Number(limit);
  };
  const isList = /^(CommaDelimitedList|List<.*>|AWS::SSM::Parameter::Value<List<.*)$/.test(type);
  const parts = isList ? text.split(',').map((part) => part.trim()) : [text];
  const allowed = member(declaration, 'AllowedValues');
  if (Array.isArray(allowed) && !parts.every((part) => allowed.map(String).includes(part))) {
    throw refuse(`is not one of ${allowed.join(', ')}`);
  }
  if (/Number/.test(type) && parts.some((part) => part === '' || Number.isNaN(Number(part))))
    throw refuse('is no number');
  const pattern = member(declaration, 'AllowedPattern');
  if (typeof pattern === 'string' && !parts.every((part) => matches(pattern, part, path))) {
    throw refuse(`does not match ${pattern}`);
  }
  const size = type === 'Number' ? Number(text) : text.length;
  const [least, most] = type === 'Number' ? ['MinValue', 'MaxValue'] : ['MinLength', 'MaxLength'];
  if (size < (number(least!) ?? -Infinity)) throw refuse(`is below ${least} ${number(least!)}`);
  if (size > (number(most!) ?? Infinity)) throw refuse(`is above ${most} ${number(most!)}`);
  return isList ? parts : text;
}

// A pattern comes from the template, and can be one that takes for ever on a long text.
const LONGEST_MATCHED = 256;
const REPEATS_OF_REPEATS = /[+*}]\)?[+*{]|\([^)]*[+*][^)]*\)[+*{]/;

function matches(pattern: string, text: string, path: string): boolean {
  let expression: RegExp;
  try {
    expression = new RegExp(`^(?:${pattern})$`);
  } catch (error) {
    throw new TemplateFault(path, `AllowedPattern is no regular expression: ${(error as Error).message}`);
  }
  // Not checked rather than risked.
  if (text.length > LONGEST_MATCHED || REPEATS_OF_REPEATS.test(pattern)) return true;
  return expression.test(text);
}
