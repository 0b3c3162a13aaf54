import { CliffracerError } from '../../errors.ts';

type Container = Record<string, unknown>;

const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);
const DEEPEST = 50;

/**
 * The body with values set in it, each as `path=value`: `items.0.sku=mug`. A value that is JSON is taken as that, any other
 * as text. Rejects with `usage` for what cannot be set, naming it.
 */
export function withValues(body: string, settings: readonly string[]): string {
  if (settings.length === 0) return body;
  const root = parsed(body);
  for (const setting of settings) set(root, setting);
  return JSON.stringify(root);
}

function parsed(body: string): Container {
  let value: unknown;
  try {
    value = JSON.parse(body === '' ? '{}' : body);
  } catch {
    value = undefined;
  }
  if (isContainer(value)) return value;
  throw new CliffracerError('usage', '--set needs a body that is a JSON object', { hint: "--body '{}' --set a=1" });
}

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

function set(root: Container, setting: string): void {
  const refuse = (why: string) =>
    new CliffracerError('usage', `--set ${JSON.stringify(setting.slice(0, 80))} ${why}`, {
      hint: '--set items.0.sku=mug',
    });
  const equals = setting.indexOf('=');
  if (equals < 1) throw refuse('is not path=value');
  const path = setting.slice(0, equals).split('.');
  if (path.includes('')) throw refuse('has an empty name in its path');
  if (path.length > DEEPEST) throw refuse(`has more than ${DEEPEST} names in its path`);
  if (path.some((name) => FORBIDDEN.has(name))) throw refuse('names what is no member');
  let at = root;
  for (const name of path.slice(0, -1)) {
    checkPosition(at, name, refuse);
    const next = Object.hasOwn(at, name) ? at[name] : undefined;
    if (next !== undefined && !isContainer(next)) throw refuse(`goes into ${name}, which is no object`);
    if (next === undefined) at[name] = {};
    at = at[name] as Container;
  }
  const last = path.at(-1)!;
  checkPosition(at, last, refuse);
  at[last] = parsedValue(setting.slice(equals + 1));
}

/** Members of a list go by their positions; the next one may be added. */
function checkPosition(at: Container, name: string, refuse: (why: string) => CliffracerError): void {
  if (!Array.isArray(at)) return;
  if (/^\d{1,6}$/.test(name) && Number(name) <= at.length) return;
  throw refuse(`goes to ${name} of a list of ${at.length}`);
}

function parsedValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
