import type { Step, Violation } from './constraints.ts';

const MAX_VALUE_LENGTH = 500;

/**
 * "2 validation errors detected: Value '...' at 'tableName' failed to satisfy constraint: Member must ...; ..." - the
 * text of the framework that most of AWS's services are built on. What is wrong with a list's plain members, or with
 * keys or plain values of a map, is said of the list or map.
 */
export function validationText(input: unknown, violations: readonly Violation[]): string {
  const sayings: string[] = [];
  for (const [container, group] of byContainer(violations)) {
    const { path, prefix } = container;
    if (prefix === undefined) {
      for (const { value, says } of group) sayings.push(sentence(value, path, says));
    } else {
      const all = group.map(({ says }) => says).join(', ');
      sayings.push(sentence(valueAt(input, path), path, `${prefix} must satisfy constraint: [${all}]`));
    }
  }
  const count = `${sayings.length} validation error${sayings.length === 1 ? '' : 's'} detected: `;
  return count + sayings.join('; ');
}

const sentence = (value: unknown, path: readonly Step[], says: string) =>
  `Value ${value === null ? 'null' : `'${javaText(value).slice(0, MAX_VALUE_LENGTH)}'`} at '${pathText(path)}' ` +
  `failed to satisfy constraint: ${says}`;

interface Container {
  path: Step[];
  prefix: string | undefined;
}

function byContainer(violations: readonly Violation[]): Map<Container, Violation[]> {
  const groups = new Map<string, [Container, Violation[]]>();
  for (const [position, violation] of violations.entries()) {
    const last = violation.path.at(-1)!;
    const isMember = 'member' in last;
    const prefix = isMember
      ? undefined
      : 'index' in last
        ? 'Member'
        : violation.value === last.key
          ? 'Map keys'
          : 'Map value';
    const path = isMember ? violation.path : violation.path.slice(0, -1);
    const id = isMember ? String(position) : JSON.stringify([path, prefix]);
    const group = groups.get(id) ?? [{ path, prefix }, []];
    // One bad member of a list is enough to say what its members have to be.
    if (isMember || !group[1].some(({ says }) => says === violation.says)) group[1].push(violation);
    groups.set(id, group);
  }
  return new Map(groups.values());
}

/** `requestItems.orders.member.1.member.tableName`: members begin in lower case, whatever the model says. */
export function pathText(path: readonly Step[]): string {
  return path
    .map((step) => {
      if ('member' in step) return step.member.slice(0, 1).toLowerCase() + step.member.slice(1);
      return 'index' in step ? `${step.index}.member` : `${step.key}.member`;
    })
    .join('.');
}

/** `MetricData.member.1.MetricName`: the Query protocol's way of naming a parameter. */
export function parameterText(path: readonly Step[]): string {
  return path
    .map((step) => {
      if ('member' in step) return step.member;
      return 'index' in step ? `member.${step.index}` : `entry.${step.key}`;
    })
    .join('.');
}

function valueAt(input: unknown, path: readonly Step[]): unknown {
  let value = input;
  for (const step of path) {
    if ('member' in step) value = (value as Record<string, unknown>)[step.member];
    else value = 'index' in step ? (value as unknown[])[step.index - 1] : (value as Record<string, unknown>)[step.key];
  }
  return value;
}

/** Roughly what Java prints of a value; long ones are cut by the caller, and not built in full. */
function javaText(value: unknown, depth = 0): string {
  if (value === null || typeof value !== 'object') return String(value);
  if (value instanceof Uint8Array) return `java.nio.HeapByteBuffer[pos=0 lim=${value.length} cap=${value.length}]`;
  if (depth > 3) return '...';
  if (Array.isArray(value))
    return `[${value
      .slice(0, 20)
      .map((inside) => javaText(inside, depth + 1))
      .join(', ')}]`;
  const entries = Object.entries(value).slice(0, 20);
  return `{${entries.map(([key, inside]) => `${key}=${javaText(inside, depth + 1)}`).join(', ')}}`;
}
