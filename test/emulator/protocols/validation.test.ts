import { describe, expect, test } from 'vitest';
import type { AwsError } from '../../../src/emulator/core/errors.ts';
import type { ServiceId } from '../../../src/emulator/core/types.ts';
import { loadModel, type ServiceModel, type Shape } from '../../../src/emulator/models/model.ts';
import { resolveError } from '../../../src/emulator/protocols/errors.ts';
import { type Validate, validator } from '../../../src/emulator/protocols/validation/validate.ts';

/**
 * The cases are derived from the models: for every operation a smallest valid input is built, then each constraint on
 * the way is broken, once. What comes back must be the service's own error, naming the member.
 */

interface Case {
  title: string;
  operation: string;
  input: Record<string, unknown>;
  kind: 'required' | 'length' | 'range' | 'enum' | 'pattern';
  member: string;
}

class Deriver {
  readonly model: ServiceModel;
  readonly cases: Case[] = [];

  constructor(model: ServiceModel) {
    this.model = model;
  }

  run(): Case[] {
    for (const operation of this.model.operations.values()) {
      if (operation.input === undefined) continue;
      const shape = this.model.shape(operation.input);
      this.#walk(operation.name, shape, this.valid(operation.input, 0) as any, (input) => input, [], 0);
    }
    return this.cases;
  }

  /** The smallest value that meets a shape's constraints. */
  valid(name: string, depth: number): unknown {
    const shape = this.model.shape(name);
    switch (shape.type) {
      case 'structure': {
        const required = depth > 6 ? [] : (shape.required ?? []);
        return Object.fromEntries(
          required.map((member) => [member, this.valid(shape.members![member]!.shape, depth + 1)]),
        );
      }
      case 'list':
        return Array.from({ length: shape.min ?? 0 }, () => this.valid(shape.member!.shape, depth + 1));
      case 'map':
        return Object.fromEntries(
          Array.from({ length: shape.min ?? 0 }, (_, n) => [
            this.#text(this.model.shape(shape.key!.shape)) + 'x'.repeat(n),
            this.valid(shape.value!.shape, depth + 1),
          ]),
        );
      case 'string':
        return shape.enum?.[0] ?? this.#text(shape);
      case 'blob':
        return Buffer.alloc(shape.min ?? 0);
      case 'boolean':
        return true;
      default:
        return shape.min ?? 1;
    }
  }

  #text(shape: Shape): string {
    if (shape.pattern?.startsWith('[0-9a-f]{8}')) return '00000000-0000-0000-0000-000000000000';
    if (shape.pattern?.includes('d{12}')) return '123456789012';
    return 'a'.repeat(Math.max(1, shape.min ?? 1));
  }

  #walk(
    operation: string,
    shape: Shape,
    base: Record<string, unknown>,
    wrap: (inside: Record<string, unknown>) => Record<string, unknown>,
    path: string[],
    depth: number,
  ): void {
    for (const [name, member] of Object.entries(shape.members ?? {})) {
      const at = [...path, name];
      const add = (kind: Case['kind'], value: unknown) => {
        const inside: Record<string, unknown> = { ...base, [name]: value };
        if (value === undefined) delete inside[name];
        this.cases.push({ title: `${at.join('.')} ${kind}`, operation, input: wrap(inside), kind, member: name });
      };
      if (shape.required?.includes(name)) add('required', undefined);
      const target = this.model.shape(member.shape);
      for (const [kind, value] of this.broken(target)) add(kind, value);
      if (target.type === 'structure' && depth < 3) {
        const inner = this.valid(member.shape, 0) as Record<string, unknown>;
        this.#walk(operation, target, inner, (inside) => wrap({ ...base, [name]: inside }), at, depth + 1);
      }
    }
  }

  /** Values that break one constraint each. */
  broken(shape: Shape): [Case['kind'], unknown][] {
    const found: [Case['kind'], unknown][] = [];
    const { min, max } = shape;
    const isNumber = ['integer', 'long', 'double'].includes(shape.type);
    const sized = (length: number) => {
      if (shape.type === 'blob') return Buffer.alloc(length);
      if (shape.type === 'list') return Array.from({ length }, () => this.valid(shape.member!.shape, 0));
      if (shape.type === 'map')
        return Object.fromEntries(Array.from({ length }, (_, n) => [`k${n}`, this.valid(shape.value!.shape, 0)]));
      return 'a'.repeat(length);
    };
    if (isNumber) {
      if (min !== undefined) found.push(['range', min - 1]);
      if (max !== undefined && max < 2 ** 52) found.push(['range', max + 1]);
    } else if (shape.type !== 'string' || shape.enum === undefined) {
      if (min !== undefined && min > 0) found.push(['length', sized(min - 1)]);
      if (max !== undefined && max <= 10_000) found.push(['length', sized(max + 1)]);
    }
    if (shape.enum) found.push(['enum', 'NO_SUCH_VALUE']);
    if (shape.pattern) found.push(['pattern', shape.pattern.includes('[^:') ? ':' : '!*"\n']);
    return found;
  }
}

function refusalOf(validate: Validate, model: ServiceModel, { operation, input }: Case): AwsError | undefined {
  try {
    validate(model.operations.get(operation)!, input);
  } catch (error) {
    return error as AwsError;
  }
  return undefined;
}

const lower = (name: string) => name.slice(0, 1).toLowerCase() + name.slice(1);

const EXPECTED: Record<Exclude<ServiceId, 's3' | 'sts'>, { codes: string[]; atLeast: number }> = {
  dynamodb: { codes: ['ValidationException'], atLeast: 120 },
  logs: { codes: ['InvalidParameterException'], atLeast: 80 },
  cloudwatch: { codes: ['ValidationError', 'MissingParameter'], atLeast: 100 },
  sns: { codes: ['ValidationError', 'InvalidParameter'], atLeast: 20 },
  sqs: { codes: ['MissingParameter'], atLeast: 30 },
};

describe.each(Object.entries(EXPECTED))('%s', async (id, { codes, atLeast }) => {
  const model = await loadModel(id as ServiceId);
  const validate = validator(model);
  const cases = new Deriver(model).run().filter(({ kind }) => id !== 'sqs' || kind === 'required');

  test('has cases', () => expect(cases.length).toBeGreaterThan(atLeast));

  test('accepts the smallest valid input of every operation', () => {
    for (const operation of model.operations.values()) {
      if (operation.input === undefined) continue;
      const input = new Deriver(model).valid(operation.input, 0) as Record<string, unknown>;
      expect(() => validate(operation, input), operation.name).not.toThrow();
    }
  });

  test.each(cases)('$operation: $title', (one) => {
    const error = refusalOf(validate, model, one);
    expect(error, 'must be refused').toBeDefined();
    const wire = resolveError(model, error!);
    expect(codes).toContain(id === 'dynamodb' ? wire.name : wire.code);
    expect(wire.status).toBe(400);
    const named = error!.message.includes(one.member) || error!.message.includes(lower(one.member));
    expect(named, `${error!.message} names ${one.member}`).toBe(true);
  });
});

describe('what AWS says', async () => {
  const dynamodb = await loadModel('dynamodb');
  const cloudwatch = await loadModel('cloudwatch');
  const sqs = await loadModel('sqs');
  const said = (model: ServiceModel, operation: string, input: Record<string, unknown>) => {
    try {
      validator(model)(model.operations.get(operation)!, input);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  };

  test.each([
    [
      dynamodb,
      'DescribeTable',
      {},
      // dynamodb-conformance tests/tier3/error-messages/createTable.test.ts.
      "The parameter 'TableName' is required but was not present in the request",
    ],
    [
      dynamodb,
      'GetItem',
      { Key: {} },
      "1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null",
    ],
    [
      dynamodb,
      'CreateTable',
      { TableName: 'abc', AttributeDefinitions: [{ AttributeName: 'a', AttributeType: 'X' }] },
      "1 validation error detected: Value 'X' at 'attributeDefinitions.1.member.attributeType' failed to satisfy constraint: Member must satisfy enum value set: [B, N, S]",
    ],
    [
      dynamodb,
      'PutItem',
      { TableName: '', Item: {}, ReturnValues: 'hi' },
      "2 validation errors detected: Value '' at 'tableName' failed to satisfy constraint: Member must have length greater than or equal to 1; " +
        "Value 'hi' at 'returnValues' failed to satisfy constraint: Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]",
    ],
    [
      dynamodb,
      'BatchWriteItem',
      { RequestItems: { orders: [] } },
      "1 validation error detected: Value '{orders=[]}' at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length greater than or equal to 1]",
    ],
    [
      dynamodb,
      'CreateTable',
      {
        TableName: 'abc',
        KeySchema: [{ AttributeName: 'a', KeyType: 'X' }],
        AttributeDefinitions: [{ AttributeName: 'a', AttributeType: 'S' }],
      },
      "1 validation error detected: Value 'X' at 'keySchema.1.member.keyType' failed to satisfy constraint: Member must satisfy enum value set: [HASH, RANGE]",
    ],
    [
      cloudwatch,
      'PutMetricData',
      { Namespace: 'a', MetricData: [{ MetricName: 'x', Dimensions: [{ Name: 'd', Value: '' }] }, {}] },
      'The parameter MetricData.member.1.Dimensions.member.1.Value is required.\nThe parameter MetricData.member.2.MetricName is required.',
    ],
    [sqs, 'SendMessage', { MessageBody: 'x' }, 'The request must contain the parameter QueueUrl.'],
    [sqs, 'SendMessage', { QueueUrl: 'x', MessageBody: '' }, undefined],
  ])('%#', (model, operation, input, text) => expect(said(model, operation, input)).toBe(text));

  test('a prototype key is an ordinary name', () => {
    const input = JSON.parse('{"RequestItems": {"__proto__": [], "constructor": [{}]}}');
    expect(said(dynamodb, 'BatchWriteItem', input)).toContain(
      "Value '{__proto__=[], constructor=[{}]}' at 'requestItems'",
    );
  });

  test('huge values are cut', () => {
    expect(said(dynamodb, 'DescribeTable', { TableName: 'x'.repeat(100_000) })!.length).toBeLessThan(1000);
  });
});

test.each(['sns', 'sqs', 'dynamodb', 's3', 'cloudwatch', 'logs', 'sts'] as const)(
  'every pattern of %s compiles',
  async (id) => {
    for (const shape of (await loadModel(id)).shapes.values()) {
      if (shape.pattern !== undefined && id !== 'sts')
        expect(() => new RegExp(`^(?:${shape.pattern})$`, 'u')).not.toThrow();
    }
  },
);
