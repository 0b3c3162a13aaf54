import { compiler } from '../models/compile.ts';
import type { Member, ServiceModel, Shape } from '../models/model.ts';
import { escapeXml } from './xml-write.ts';

/** Writes a value as the element(s) `name`; a flattened list is several. */
type Writer = (name: string, value: unknown) => string;

export interface XmlNaming {
  /** Name of a structure's member. */
  member(name: string, member: Member, target: Shape): string;
  /** Names inside a list and a map. */
  element(list: Shape): string;
  entry(map: Shape): { key: string; value: string };
  timestamp(seconds: number): string;
}

/** The content of an element for a structure: what Query and REST/XML responses consist of. */
export function xmlWriter(model: ServiceModel, naming: XmlNaming): (shape: string, value: unknown) => string {
  const content = compiler<[unknown], string>((name, inner) => contentOf(model, model.shape(name), inner, naming));
  return (shape, value) => content(shape)(value);
}

function contentOf(
  model: ServiceModel,
  shape: Shape,
  content: (name: string) => (value: unknown) => string,
  naming: XmlNaming,
): (value: unknown) => string {
  switch (shape.type) {
    case 'structure':
      return structureContent(model, shape, content, naming);
    case 'list': {
      const write = elementWriter(model, shape.member!, content, naming);
      const name = naming.element(shape);
      return (value) => (value as unknown[]).map((inside) => write(name, inside)).join('');
    }
    case 'map':
      return mapContent(model, shape, 'entry', content, naming);
    case 'blob':
      return (value) => Buffer.from(value as Uint8Array).toString('base64');
    case 'timestamp':
      return (value) => naming.timestamp(value as number);
    case 'string':
      return (value) => escapeXml(String(value));
    default:
      return (value) => String(value);
  }
}

function structureContent(
  model: ServiceModel,
  shape: Shape,
  content: (name: string) => (value: unknown) => string,
  naming: XmlNaming,
): (value: unknown) => string {
  const members = Object.entries(shape.members ?? {})
    .filter(([, member]) => member.location === undefined && !member.xmlAttribute)
    .map(([name, member]) => {
      const wireName = naming.member(name, member, model.shape(member.shape));
      return { name, wireName, write: elementWriter(model, member, content, naming) };
    });
  return (value) => {
    const given = value as Record<string, unknown>;
    let text = '';
    for (const { name, wireName, write } of members) {
      const inside = given[name];
      if (inside !== undefined && inside !== null) text += write(wireName, inside);
    }
    return text;
  };
}

function mapContent(
  model: ServiceModel,
  shape: Shape,
  entryName: string,
  content: (name: string) => (value: unknown) => string,
  naming: XmlNaming,
): (value: unknown) => string {
  const { key, value: valueName } = naming.entry(shape);
  const write = elementWriter(model, shape.value!, content, naming);
  return (value) => {
    let text = '';
    for (const [name, inside] of value instanceof Map ? value : Object.entries(value as object)) {
      text += `<${entryName}><${key}>${escapeXml(String(name))}</${key}>${write(valueName, inside)}</${entryName}>`;
    }
    return text;
  };
}

function elementWriter(
  model: ServiceModel,
  member: Member,
  content: (name: string) => (value: unknown) => string,
  naming: XmlNaming,
): Writer {
  const target = model.shape(member.shape);
  const flattened = target.flattened || member.flattened;
  if (flattened && target.type === 'list') {
    const write = elementWriter(model, target.member!, content, naming);
    return (name, value) => (value as unknown[]).map((inside) => write(name, inside)).join('');
  }
  if (flattened && target.type === 'map') {
    let write: ((value: unknown) => string) | undefined;
    return (name, value) => {
      write ??= mapContent(model, target, name, content, naming);
      return write(value);
    };
  }
  const attributes = attributesOf(target, member);
  const inner = content(member.shape);
  return (name, value) => `<${name}${attributes(value)}>${inner(value)}</${name}>`;
}

/** Attributes (`xsi:type` of S3's Grantee) stand in the element's own tag, with their namespace. */
function attributesOf(target: Shape, member: Member): (value: unknown) => string {
  const namespace = member.xmlNamespace;
  const declared =
    namespace === undefined ? '' : ` xmlns${namespace.prefix ? `:${namespace.prefix}` : ''}="${namespace.uri}"`;
  const attributes = Object.entries(target.members ?? {}).filter(([, inside]) => inside.xmlAttribute);
  if (attributes.length === 0) return () => declared;
  return (value) => {
    let text = declared;
    for (const [name, inside] of attributes) {
      const given = (value as Record<string, unknown>)[name];
      if (given !== undefined) text += ` ${inside.locationName ?? name}="${escapeXml(String(given))}"`;
    }
    return text;
  };
}
