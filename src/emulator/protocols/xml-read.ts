import { compiler } from '../models/compile.ts';
import type { Member, ServiceModel, Shape } from '../models/model.ts';
import { scalarReader } from './scalars.ts';
import { type XmlElement, XmlSyntaxError } from './xml-parse.ts';

type Reader = (element: XmlElement) => unknown;

/** Reads a structure from an XML element, guided by the model. Unknown elements are left out. */
export function xmlReader(model: ServiceModel): (shape: string, element: XmlElement) => unknown {
  const of = compiler<[XmlElement], unknown>((name, inner) => readerOf(model, model.shape(name), inner));
  return (shape, element) => of(shape)(element);
}

function readerOf(model: ServiceModel, shape: Shape, of: (name: string) => Reader): Reader {
  switch (shape.type) {
    case 'structure':
      return structureReader(model, shape, of);
    case 'list': {
      const read = of(shape.member!.shape);
      const name = shape.member!.locationName ?? 'member';
      return (element) => element.children.filter((child) => child.name === name).map(read);
    }
    case 'map':
      throw new Error('no request of S3 has a map in its body');
    default: {
      const read = scalarReader(shape, (text) => {
        throw new XmlSyntaxError(`${JSON.stringify(text.slice(0, 100))} is not a valid ${shape.type}`);
      });
      return (element) => read(element.text);
    }
  }
}

function structureReader(model: ServiceModel, shape: Shape, of: (name: string) => Reader): Reader {
  const members = new Map<string, { name: string; repeated: boolean; read: Reader }>();
  const attributes: [string, string][] = [];
  for (const [name, member] of Object.entries(shape.members ?? {})) {
    if (member.location !== undefined) continue;
    const wireName = member.locationName ?? name;
    if (member.xmlAttribute) attributes.push([name, wireName]);
    else members.set(elementName(model, name, member), memberReader(model, name, member, of));
  }
  return (element) => {
    const result: Record<string, unknown> = {};
    for (const child of element.children) {
      const member = members.get(child.name);
      if (member === undefined) continue;
      const value = member.read(child);
      if (member.repeated) addTo(result, member.name, value);
      else result[member.name] = value;
    }
    for (const [name, wireName] of attributes) {
      const value = element.attributes.get(wireName);
      if (value !== undefined) result[name] = value;
    }
    return result;
  };
}

function memberReader(model: ServiceModel, name: string, member: Member, of: (name: string) => Reader) {
  const target = model.shape(member.shape);
  const repeated = target.type === 'list' && (target.flattened || member.flattened) === true;
  return { name, repeated, read: of(repeated ? target.member!.shape : member.shape) };
}

/** A flattened list has no element of its own: its members carry its name, unless they have one (S3's `Part`). */
export function elementName(model: ServiceModel, name: string, member: Member): string {
  const target = model.shape(member.shape);
  const ofMembers =
    target.type === 'list' && (target.flattened || member.flattened) ? target.member?.locationName : undefined;
  return member.locationName ?? ofMembers ?? name;
}

function addTo(result: Record<string, unknown>, name: string, value: unknown): void {
  const list = result[name] as unknown[] | undefined;
  if (list === undefined) result[name] = [value];
  else list.push(value);
}
