import type { Declared } from './declaration.ts';
import { attempt, type Report, TemplateFault } from './fault.ts';
import { expandServerless, isServerless } from './serverless.ts';
import { isObject, type Json, type JsonObject, member, objectAt } from './value.ts';

/** The section Resources; those of SAM as what SAM makes of them. */
export function declaredResources(template: JsonObject, report: Report): Declared[] {
  const globals = objectAt(template, 'Globals');
  return Object.entries(objectAt(template, 'Resources')).flatMap(([id, resource]) => {
    const expanded = attempt(() => {
      const declared = declaredResource(id, resource);
      return isServerless(declared) ? expandServerless(declared, globals, report) : [declared];
    }, report);
    return expanded ?? [];
  });
}

// What steers CloudFormation only.
const MEMBERS = new Set([
  ...['Type', 'Properties', 'Condition', 'DependsOn', 'Metadata', 'DeletionPolicy', 'UpdateReplacePolicy'],
  ...['UpdatePolicy', 'CreationPolicy', 'Connectors', 'IgnoreGlobals'],
]);

function declaredResource(id: string, resource: Json): Declared {
  const path = `Resources.${id}`;
  if (!isObject(resource)) throw new TemplateFault(path, 'is not known here', { unknown: true });
  const type = member(resource, 'Type');
  if (typeof type !== 'string') throw new TemplateFault(path, 'has no Type');
  const odd = Object.keys(resource).find((name) => !MEMBERS.has(name));
  if (odd !== undefined) throw new TemplateFault(`${path}.${odd}`, 'is no member of a resource');
  const dependsOn = [member(resource, 'DependsOn') ?? []].flat() as Json[];
  const condition = member(resource, 'Condition');
  return {
    ...{ id, type, path: `${path}.Properties`, properties: objectAt(resource, 'Properties') },
    ...(typeof condition === 'string' && { condition }),
    dependsOn: dependsOn.map(String),
    metadata: member(resource, 'Metadata') ?? null,
  };
}
