import type { FaultRule } from '../core/faults.ts';
import type { ServiceDefinition, ServiceId } from '../core/types.ts';
import { DROPPABLE } from './dropped.ts';

/** What is wrong with a rule's text, for the person who wrote it. */
export class FaultSyntaxError extends Error {
  override readonly name = 'FaultSyntaxError';
}

export const KINDS = ['error', 'throttle', 'latency', 'drop', 'duplicate', 'reorder'] as const;
type Kind = FaultRule['kind'];

/** Kinds that work on some operations only: those with a point for it, or with an answer that needs no work. */
const REACH: Partial<Record<Kind, readonly string[]>> = {
  duplicate: ['sqs:ReceiveMessage', 'sns:Publish', 'sns:PublishBatch'],
  reorder: ['sqs:ReceiveMessage'],
  drop: DROPPABLE,
};

const LONGEST_LATENCY_MS = 60_000;

type Services = ReadonlyMap<ServiceId, ServiceDefinition>;

/**
 * Reads a rule: `[service[:Operation]] kind [argument] [before|after] [rate% | count]`, as in `sqs:DeleteMessage drop 1`,
 * `dynamodb throttle 5%`, `latency 200ms`, `sns:Publish error InternalError after 10%`.
 */
export function parseRule(text: string, services: Services): Omit<FaultRule, 'id' | 'struck'> {
  const words = text.trim().split(/\s+/);
  if (words[0] === '') throw new FaultSyntaxError("the rule is empty; write one such as 'sqs:DeleteMessage drop 1'");
  const target = isKind(words[0]!) ? {} : parseTarget(words.shift()!, services);
  const kind = words.shift();
  if (kind === undefined || !isKind(kind)) {
    throw new FaultSyntaxError(`${quoted(kind ?? '')} is no kind of fault; there are ${KINDS.join(', ')}`);
  }
  const rule = {
    text: text.trim().replace(/\s+/g, ' '),
    service: target.service,
    operation: target.operation,
    kind,
    ...argument(kind, words),
    when: moment(kind, words),
    ...frequency(words),
  };
  if (words.length > 0) throw new FaultSyntaxError(`${quoted(words[0]!)} does not belong there`);
  checkReach(rule, services);
  return rule;
}

const isKind = (word: string): word is Kind => (KINDS as readonly string[]).includes(word);
const quoted = (word: string) => `'${word.slice(0, 80)}'`;

function parseTarget(word: string, services: Services): { service?: string; operation?: string } {
  const [service = '', operation, ...rest] = word.split(':');
  const definition = services.get(service as ServiceId);
  if (definition === undefined || rest.length > 0) {
    throw new FaultSyntaxError(
      `${quoted(word)} is neither a kind (${KINDS.join(', ')}) nor a service (${[...services.keys()].join(', ')})`,
    );
  }
  if (operation === undefined) return { service };
  if (!Object.hasOwn(definition.operations, operation)) {
    throw new FaultSyntaxError(`${service} has no operation ${quoted(operation)}${likeliest(operation, definition)}`);
  }
  return { service, operation };
}

function likeliest(operation: string, definition: ServiceDefinition): string {
  const wanted = operation.toLowerCase();
  const found = Object.keys(definition.operations).find((name) => {
    const known = name.toLowerCase();
    return known === wanted || known.startsWith(wanted.slice(0, -2)) || wanted.startsWith(known);
  });
  return found === undefined || wanted.length < 4 ? '' : `; is ${found} meant?`;
}

function argument(kind: Kind, words: string[]): { code: string | undefined; ms: number | undefined } {
  if (kind === 'error') {
    const code = words.shift();
    if (code === undefined || !/^[A-Za-z][A-Za-z0-9._]{0,99}$/.test(code)) {
      throw new FaultSyntaxError("error needs AWS's error code, as in 'sns:Publish error InternalError'");
    }
    return { code, ms: undefined };
  }
  if (kind !== 'latency') return { code: undefined, ms: undefined };
  const found = /^(\d+(?:\.\d+)?)(ms|s)$/.exec(words.shift() ?? '');
  const ms = found === null ? Number.NaN : Number(found[1]) * (found[2] === 's' ? 1000 : 1);
  if (!(ms > 0 && ms <= LONGEST_LATENCY_MS)) {
    throw new FaultSyntaxError("latency needs a duration of up to 60s, as in 'latency 200ms' or 'sqs latency 1.5s'");
  }
  return { code: undefined, ms };
}

function moment(kind: Kind, words: string[]): 'before' | 'after' {
  const [word] = words;
  if (word !== 'before' && word !== 'after') return 'before';
  words.shift();
  if (kind !== 'error' && word === 'after')
    throw new FaultSyntaxError(`after is for errors; ${kind} has no such choice`);
  return word;
}

function frequency(words: string[]): { rate: number; remaining: number | undefined } {
  const word = words.shift();
  if (word === undefined) return { rate: 1, remaining: undefined };
  const percent = /^(\d{1,3}(?:\.\d{1,6})?)%$/.exec(word);
  if (percent !== null) {
    const rate = Number(percent[1]) / 100;
    if (rate > 0 && rate <= 1) return { rate, remaining: undefined };
  }
  if (/^[1-9]\d{0,8}$/.test(word)) return { rate: 1, remaining: Number(word) };
  throw new FaultSyntaxError(`${quoted(word)} is neither a rate such as 5% (above 0, up to 100) nor a count such as 3`);
}

/** A rule that can never strike is a mistake. */
function checkReach(rule: Pick<FaultRule, 'service' | 'operation' | 'kind'>, services: Services): void {
  for (const [service, { operations }] of services) {
    if (rule.service !== undefined && rule.service !== service) continue;
    for (const operation of Object.keys(operations)) {
      if (rule.operation !== undefined && rule.operation !== operation) continue;
      if (reaches(rule.kind, service, operation)) return;
    }
  }
  const scope = rule.operation ?? rule.service ?? 'any service';
  throw new FaultSyntaxError(`${rule.kind} does nothing to ${scope}; it works on ${REACH[rule.kind]?.join(', ')}`);
}

/** Whether a kind of fault means something for an operation. */
export const reaches = (kind: Kind, service: string, operation: string) =>
  REACH[kind]?.includes(`${service}:${operation}`) ?? true;
