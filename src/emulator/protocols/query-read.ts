import { AwsError } from '../core/errors.ts';
import { compiler } from '../models/compile.ts';
import type { Member, ServiceModel, Shape } from '../models/model.ts';
import { numbered, type ParamNode } from './query-params.ts';
import { scalarReader } from './scalars.ts';

/** Gives undefined for what is not there. */
type Reader = (node: ParamNode | undefined) => unknown;

/** Reads an operation's input from the parameters of the Query protocol, guided by the model. */
export function queryReader(model: ServiceModel): (shape: string, root: ParamNode) => Record<string, unknown> {
  const of = compiler<[ParamNode | undefined], unknown>((name, inner) => readerOf(model, model.shape(name), inner));
  return (shape, root) => (of(shape)(root) ?? {}) as Record<string, unknown>;
}

function readerOf(model: ServiceModel, shape: Shape, of: (name: string) => Reader): Reader {
  switch (shape.type) {
    case 'structure':
      return structureReader(model, shape, of);
    case 'list':
      return listReader(shape, of(shape.member!.shape));
    case 'map':
      return mapReader(shape, of(shape.value!.shape));
    default: {
      const read = scalarReader(shape, (text) => {
        throw new AwsError('MalformedInput', `${JSON.stringify(text.slice(0, 100))} is not a valid ${shape.type}.`);
      });
      return (node) => (node?.value === undefined ? undefined : read(node.value));
    }
  }
}

function structureReader(model: ServiceModel, shape: Shape, of: (name: string) => Reader): Reader {
  const members = Object.entries(shape.members ?? {}).map(
    ([name, member]) => [name, queryName(model, name, member), of(member.shape)] as const,
  );
  return (node) => {
    if (node?.children === undefined) return undefined;
    const result: Record<string, unknown> = {};
    for (const [name, wireName, read] of members) {
      const value = read(node.children.get(wireName));
      if (value !== undefined) result[name] = value;
    }
    return result;
  };
}

/** A flattened list goes by the name of its members (`AttributeName.1`), everything else by its own. */
export function queryName(model: ServiceModel, name: string, member: Member): string {
  const target = model.shape(member.shape);
  const ofMembers = target.type === 'list' && target.flattened ? target.member?.queryName : undefined;
  return ofMembers ?? member.queryName ?? member.locationName ?? name;
}

function listReader(shape: Shape, read: Reader): Reader {
  const memberName = shape.member?.locationName ?? 'member';
  return (node) => {
    if (node === undefined) return undefined;
    // `ListName=` is how clients write an empty list.
    const holder = shape.flattened ? node : node.children?.get(memberName);
    if (holder === undefined) return node.value === '' ? [] : undefined;
    return numbered(holder)
      .map(read)
      .filter((value) => value !== undefined);
  };
}

function mapReader(shape: Shape, read: Reader): Reader {
  const keyName = shape.key?.queryName ?? shape.key?.locationName ?? 'key';
  const valueName = shape.value?.queryName ?? shape.value?.locationName ?? 'value';
  return (node) => {
    if (node === undefined) return undefined;
    const holder = shape.flattened ? node : node.children?.get('entry');
    if (holder === undefined) return node.value === '' ? {} : undefined;
    const entries = numbered(holder).map((entry) => {
      const key = entry.children?.get(keyName)?.value;
      const value = read(entry.children?.get(valueName));
      return key === undefined || value === undefined ? undefined : ([key, value] as const);
    });
    // fromEntries, so that a name like __proto__ is an ordinary one.
    return Object.fromEntries(entries.filter((entry) => entry !== undefined));
  };
}
