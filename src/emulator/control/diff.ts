import type { EngineState } from '../core/engine.ts';
import { worldOf } from './world.ts';

export interface Difference {
  service: string;
  /** `account/region`, or `*` for a service that has one world for all. */
  scope: string;
  /** `queues[order-queue].messages[...].state` */
  path: string;
  change: 'added' | 'removed' | 'changed';
  /** In short, as JSON; undefined where there is nothing. */
  before: string | undefined;
  after: string | undefined;
}

/** How many differences a service has at places of one kind (`queues[].messages[]`). */
export interface DifferenceTotal {
  service: string;
  kind: string;
  added: number;
  removed: number;
  changed: number;
}

export interface StateDifference {
  totals: DifferenceTotal[];
  /** The first ones, up to the limit. */
  differences: Difference[];
  /** Whether there are more than those. */
  truncated: boolean;
}

/** What has come, gone and changed from one state to another, in terms of resources and what they hold. */
export function diffStates(before: EngineState, after: EngineState, limit: number): StateDifference {
  const comparison = new Comparison(limit);
  // Services come into being in the order of their first calls, which is another one each time.
  for (const service of names(before.services, after.services)) {
    const from = before.services.get(service) ?? new Map<string, unknown>();
    const to = after.services.get(service) ?? new Map<string, unknown>();
    for (const scope of names(from, to)) {
      const view = (state: unknown) => (state === undefined ? undefined : worldOf(service, state));
      comparison.compareWorlds(service, scope, view(from.get(scope)), view(to.get(scope)));
    }
  }
  return comparison.result();
}

const names = <K extends string>(a: ReadonlyMap<K, unknown>, b: ReadonlyMap<K, unknown>): K[] =>
  [...new Set([...a.keys(), ...b.keys()])].sort();

interface Place {
  path: string;
  kind: string;
}

class Comparison {
  readonly #limit: number;
  readonly #totals = new Map<string, DifferenceTotal>();
  readonly #differences: Difference[] = [];
  #count = 0;
  #service = '';
  #scope = '';

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** A world that is not there is an empty one: a service's state comes into being at its first use. */
  compareWorlds(service: string, scope: string, before: unknown, after: unknown): void {
    this.#service = service;
    this.#scope = scope;
    const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
    for (const name of names) {
      const present = (world: unknown) => (world as Record<string, unknown> | undefined)?.[name] ?? new Map();
      this.#compare(present(before), present(after), { path: name, kind: name });
    }
  }

  result(): StateDifference {
    return {
      totals: [...this.#totals.values()],
      differences: this.#differences,
      truncated: this.#count > this.#differences.length,
    };
  }

  #compare(before: unknown, after: unknown, at: Place): void {
    if (before instanceof Map && after instanceof Map) {
      for (const key of new Set([...before.keys(), ...after.keys()])) {
        const place = { path: `${at.path}[${key}]`, kind: `${at.kind}[]` };
        if (!after.has(key)) this.#report('removed', place, before.get(key), undefined);
        else if (!before.has(key)) this.#report('added', place, undefined, after.get(key));
        else this.#compare(before.get(key), after.get(key), place);
      }
    } else if (isRecord(before) && isRecord(after)) {
      for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
        const own = (record: Record<string, unknown>) => (Object.hasOwn(record, name) ? record[name] : undefined);
        this.#compare(own(before), own(after), { path: `${at.path}.${name}`, kind: `${at.kind}.${name}` });
      }
    } else if (!isSame(before, after)) {
      const change = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
      this.#report(change, at, before, after);
    }
  }

  #report(change: Difference['change'], { path, kind }: Place, before: unknown, after: unknown): void {
    const key = `${this.#service} ${kind}`;
    const total = this.#totals.get(key) ?? { service: this.#service, kind, added: 0, removed: 0, changed: 0 };
    total[change]++;
    this.#totals.set(key, total);
    if (this.#count++ >= this.#limit) return;
    const sides = { before: inShort(before), after: inShort(after) };
    this.#differences.push({ service: this.#service, scope: this.#scope, path, change, ...sides });
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Map) &&
  !(value instanceof Set) &&
  !ArrayBuffer.isView(value);

function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  if (a instanceof Set && b instanceof Set) return isSame([...a], [...b]);
  if (a instanceof Map && b instanceof Map) return isSame([...a], [...b]);
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((one, index) => isSame(one, b[index]));
  if (!isRecord(a) || !isRecord(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && isSame(a[name], b[name]))
  );
}

const LONGEST = 200;
const DEEPEST = 4;
const MOST_ENTRIES = 20;

function inShort(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const text = JSON.stringify(plain(value, 0));
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** A bounded part of a value, such that JSON can hold it. */
function plain(value: unknown, depth: number): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'string') return value.slice(0, LONGEST + 1);
  if (typeof value !== 'object' || value === null) return value ?? null;
  if (ArrayBuffer.isView(value)) return `<${value.byteLength} bytes>`;
  if (depth >= DEEPEST) return '…';
  if (Array.isArray(value)) return value.slice(0, MOST_ENTRIES).map((entry) => plain(entry, depth + 1));
  if (value instanceof Set) return plain([...value], depth);
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  const shown = entries.filter(([, entry]) => entry !== undefined).slice(0, MOST_ENTRIES);
  return Object.fromEntries(shown.map(([key, entry]) => [key, plain(entry, depth + 1)]));
}
