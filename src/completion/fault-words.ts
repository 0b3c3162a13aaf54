import type { Candidate } from './lookups.ts';

const REST = ['before', 'after', '1', '200ms', 'InternalError', 'AccessDenied'];

/** What may stand at the `before`-th word of a fault rule: service or operation, then kind, then the rest. */
export async function faultWords(before: number, typed: string): Promise<Candidate[]> {
  const [{ allServices }, { KINDS }] = await Promise.all([
    import('../emulator/services.ts'),
    import('../emulator/faults/rule.ts'),
  ]);
  const kinds = KINDS.map((value) => ({ value, description: 'kind of fault' }));
  if (before > 0) return [...kinds, ...REST.map((value) => ({ value, description: '' }))];
  if (!typed.includes(':')) {
    return [
      ...kinds,
      ...allServices.map(({ id }) => ({ value: id, description: 'every operation, or one: service:Operation' })),
    ];
  }
  return allServices.flatMap(({ id, operations }) =>
    Object.keys(operations).map((name) => ({ value: `${id}:${name}`, description: '' })),
  );
}
