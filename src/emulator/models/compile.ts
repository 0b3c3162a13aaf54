import type { Member, ServiceModel, Shape } from './model.ts';

/**
 * Turns shapes into functions, each once. A shape that contains itself (DynamoDB's AttributeValue) meets a stand-in
 * while it is being compiled, which calls the finished function later.
 */
export function compiler<A extends unknown[], R>(
  compile: (name: string, of: (name: string) => (...args: A) => R) => (...args: A) => R,
): (name: string) => (...args: A) => R {
  const finished = new Map<string, (...args: A) => R>();
  const compiling = new Set<string>();
  const of = (name: string): ((...args: A) => R) => {
    const known = finished.get(name);
    if (known !== undefined) return known;
    if (compiling.has(name)) return (...args) => finished.get(name)!(...args);
    compiling.add(name);
    const made = compile(name, of);
    compiling.delete(name);
    finished.set(name, made);
    return made;
  };
  return of;
}

export function references(shape: Shape): Member[] {
  return [
    ...Object.values(shape.members ?? {}),
    ...[shape.member, shape.key, shape.value].filter((ref) => ref !== undefined),
  ];
}

/** Whether a shape, or any shape inside it, has a property: what lets the hot path skip whole trees. */
export function reaches(
  model: ServiceModel,
  name: string,
  has: (shape: Shape, name: string) => boolean,
  seen = new Set<string>(),
): boolean {
  if (seen.has(name)) return false;
  seen.add(name);
  const shape = model.shape(name);
  return has(shape, name) || references(shape).some((reference) => reaches(model, reference.shape, has, seen));
}
