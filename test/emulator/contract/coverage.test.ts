import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import absent from '../../../scripts/docs/absent-operations.json' with { type: 'json' };
import { coveragePage } from '../../../scripts/docs/coverage.ts';
import { AwsError } from '../../../src/emulator/core/errors.ts';
import { refusing } from '../../../src/emulator/core/gaps.ts';
import type { Gap, ServiceDefinition, ServiceId } from '../../../src/emulator/core/types.ts';
import { loadModel, type ServiceModel } from '../../../src/emulator/models/model.ts';
import { allServices } from '../../../src/emulator/services.ts';

const root = resolve(import.meta.dirname, '../../..');

test('docs/coverage.md is fresh (npm run docs)', async () => {
  const all = await Promise.all(
    allServices.map(async (service) => ({ service, model: await loadModel(service.id), absent: absent[service.id] })),
  );
  await expect(coveragePage(all, absent.botocore)).toMatchFileSnapshot(resolve(root, 'docs/coverage.md'));
});

/** The words of a service's sources, without comments and without its list of gaps. */
function wordsOf(service: ServiceId): Set<string> {
  const folder = resolve(root, 'src/emulator', service);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /(?<!gaps)\.ts$/.test(file),
  );
  const text = files.map((file) => readFileSync(resolve(folder, file), 'utf8')).join('\n');
  return new Set(text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '').match(/[A-Za-z_]\w*/g));
}

// Read by names that are put together: `Checksum${algorithm}`.
const COMPUTED = /^Checksum(CRC32|CRC32C|CRC64NVME|SHA1|SHA256|SHA512|MD5)$/;

/** Paths of an operation's input that neither the sources nor a gap name; what is below an unread member counts as unread. */
function unread(model: ServiceModel, operation: string, words: ReadonlySet<string>, gaps: readonly Gap[]): string[] {
  const found: string[] = [];
  const listed = new Set(
    gaps
      .filter(({ operations }) => operations.includes(operation) || operations.includes('*'))
      .map(({ member }) => member),
  );
  const visit = (name: string, path: string, above: readonly string[]): void => {
    if (above.includes(name)) return;
    const shape = model.shape(name);
    for (const [member, { shape: target }] of Object.entries(shape.members ?? {})) {
      const at = path === '' ? member : `${path}.${member}`;
      if (listed.has(at) || COMPUTED.test(member)) continue;
      const isPart = [...listed].some((path) => path.startsWith(`${at}.`));
      if (isPart || words.has(member)) visit(target, at, [...above, name]);
      else found.push(`${operation}: ${at}`);
    }
    for (const inside of [shape.member, shape.value]) if (inside) visit(inside.shape, path, [...above, name]);
  };
  const { input } = model.operations.get(operation)!;
  if (input !== undefined) visit(input, '', []);
  return found;
}

/** Whether the model has a member at a path. */
function hasMember(model: ServiceModel, operation: string, path: string): boolean {
  let name = model.operations.get(operation)!.input!;
  for (const part of path.split('.')) {
    let shape = model.shape(name);
    while (shape.type === 'list') shape = model.shape(shape.member!.shape);
    const member = shape.members?.[part];
    if (member === undefined) return false;
    name = member.shape;
  }
  return true;
}

const refusals = ({ gaps = [] }: ServiceDefinition) =>
  gaps.flatMap(({ member, refuse }) => (typeof refuse === 'function' ? [{ member, refuse }] : []));

describe.each(allServices.map((service) => [service.id, service] as const))('%s', (id, service) => {
  const gaps = service.gaps ?? [];

  test('has the operations of its model', async () => {
    const { operations } = await loadModel(id);
    expect(Object.keys(service.operations).sort()).toEqual([...operations.keys()].sort());
  });

  test('reads, refuses or lists every member of every input', async () => {
    const model = await loadModel(id);
    const words = wordsOf(id);
    expect([...model.operations.keys()].flatMap((name) => unread(model, name, words, gaps))).toEqual([]);
  });

  test('lists members that there are', async () => {
    const model = await loadModel(id);
    const wrong = gaps.flatMap(({ operations, member }) =>
      operations.filter((name) => name !== '*' && !hasMember(model, name, member)).map((name) => `${name}: ${member}`),
    );
    expect(wrong).toEqual([]);
  });

  test('refuses what it lists as refused', () => {
    for (const { member, refuse } of refusals(service)) {
      const refused = [true, { StreamEnabled: true }, 'GreaterThanUpperThreshold'].filter(
        (value) => refuse(value) instanceof AwsError,
      );
      expect(refused, member).not.toEqual([]);
    }
  });
});

// S3 answers these with NotImplemented itself (conditions), or a gap says that the operation refuses by itself.
const REFUSE_INSIDE =
  /^(errors|gaps|objects.(conditions|delete|copy-source)|buckets.(access|operations|versioning)|notifications.rules|checksums.verify|presigned)\.ts$/;

test('nothing in S3 is refused as not implemented beside the list', () => {
  const folder = resolve(root, 'src/emulator/s3');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const refusing = files.filter((file) => /otImplemented\(/.test(readFileSync(resolve(folder, file), 'utf8')));
  expect(refusing.filter((file) => !REFUSE_INSIDE.test(file))).toEqual([]);
});

test('a refused member is found inside lists and structures', () => {
  const refuse = (value: unknown) => (value === 1 ? new AwsError('No', 'no') : undefined);
  const gap = { operations: ['Do'], member: 'A.B', about: '', refuse };
  const perform = refusing([gap], { Do: () => 'done' }).Do!;
  for (const input of [{}, { A: [] }, { A: { B: 2 } }, { A: [{ C: 1 }] }, { A: null }]) {
    expect(perform({} as never, input)).toBe('done');
  }
  for (const input of [{ A: { B: 1 } }, { A: [{}, { B: 1 }] }]) expect(() => perform({} as never, input)).toThrow('no');
});
