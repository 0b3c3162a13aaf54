import { compiler, reaches } from '../models/compile.ts';
import type { ServiceModel, Shape } from '../models/model.ts';

type Writer = (value: unknown) => unknown;

const unchanged: Writer = (value) => value;

/**
 * Makes an operation's output fit for JSON.stringify: blobs become Base64, Maps objects, and numbers that JSON does not
 * have strings. What needs none of this is passed through, untouched and unvisited.
 */
export function outputWriter(model: ServiceModel): (shape: string, value: unknown) => unknown {
  const needed = new Map<string, boolean>();
  const isNeeded = (name: string) => {
    const known = needed.get(name) ?? reaches(model, name, needsWriting);
    needed.set(name, known);
    return known;
  };
  const of = compiler<[unknown], unknown>((name, inner) =>
    writerOf(model.shape(name), (n) => (isNeeded(n) ? inner(n) : unchanged)),
  );
  return (shape, value) => (isNeeded(shape) ? of(shape)(value) : value);
}

const needsWriting = (shape: Shape) => shape.type === 'blob' || shape.type === 'map' || shape.type === 'double';

function writerOf(shape: Shape, of: (name: string) => Writer): Writer {
  switch (shape.type) {
    case 'structure':
      return structureWriter(shape, of);
    case 'list':
      return listWriter(of(shape.member!.shape));
    case 'map':
      return mapWriter(of(shape.value!.shape));
    case 'blob':
      return writeBlob;
    case 'double':
      return (value) => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value);
    default:
      return unchanged;
  }
}

function structureWriter(shape: Shape, of: (name: string) => Writer): Writer {
  const writers = Object.entries(shape.members ?? {})
    .map(([name, member]) => [name, of(member.shape)] as const)
    .filter(([, write]) => write !== unchanged);
  return (value) => {
    const given = value as Record<string, unknown>;
    let result = given;
    for (const [name, write] of writers) {
      const inside = given[name];
      if (inside === undefined || inside === null) continue;
      const made = write(inside);
      if (made === inside) continue;
      if (result === given) result = { ...given };
      result[name] = made;
    }
    return result;
  };
}

function listWriter(write: Writer): Writer {
  return (value) => {
    const given = value as unknown[];
    let result = given;
    for (let index = 0; index < given.length; index++) {
      const made = write(given[index]);
      if (made === given[index]) continue;
      if (result === given) result = [...given];
      result[index] = made;
    }
    return result;
  };
}

function mapWriter(write: Writer): Writer {
  return (value) => {
    // fromEntries defines own properties, whatever their names.
    if (value instanceof Map) return Object.fromEntries([...value].map(([key, inside]) => [key, write(inside)]));
    const given = value as Record<string, unknown>;
    for (const key in given) {
      if (write(given[key]) !== given[key]) {
        return Object.fromEntries(Object.entries(given).map(([name, inside]) => [name, write(inside)]));
      }
    }
    return given;
  };
}

function writeBlob(value: unknown): unknown {
  if (!(value instanceof Uint8Array)) return value;
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
}
