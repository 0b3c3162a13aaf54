import { describe, expect, test } from 'vitest';
import { parseTemplate } from '../../../src/lab/template/parse.ts';
import { compiled, refusal } from './template.ts';

const QUEUE = '{Type: AWS::SQS::Queue}';

describe('a hostile template', () => {
  test('ten megabytes are refused unread', async () => {
    const { lines } = await refusal(parseTemplate(`{"Resources": "${'x'.repeat(10_000_000)}"}`, 't.json'));
    expect(lines[0]).toBe('template t.json is larger than 1 MiB, the most that CloudFormation takes');
  });

  test('aliases of aliases', async () => {
    const lines = Array.from({ length: 30 }, (_, index) => `a${index + 1}: &a${index + 1} [*a${index}, *a${index}]`);
    const text = `a0: &a0 [x]\n${lines.join('\n')}\nResources: {Q: ${QUEUE}}\n`;
    expect((await refusal(parseTemplate(text, 't.yaml'))).lines[0]).toContain('has more than 200,000 values');
  });

  test('an alias of itself', async () => {
    const { lines } = await refusal(parseTemplate(`Resources: &r {Q: *r}\n`, 't.yaml'));
    expect(lines[0]).toContain('is nested deeper than 100 levels');
  });

  test.each([
    ['YAML', `Resources: ${'['.repeat(100_000)}`],
    ['YAML that ends', `Resources: ${'['.repeat(5_000)}${']'.repeat(5_000)}`],
    ['JSON', `{"Resources": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ])('deep nesting in %s', async (_name, text) => {
    expect((await refusal(parseTemplate(text, 't'))).lines[0]).toMatch(/^template t is (nested deeper|no )/);
  });

  test('keys of the prototype are keys like others', async () => {
    const text = `{"Resources": {"__proto__": {"Type": "AWS::SQS::Queue"}, "constructor": {"Type": "AWS::SQS::Queue", "Properties": {"__proto__": 1}}}}`;
    const { lines } = await refusal(compiled(text));
    expect(lines).toEqual(['Resources.constructor.Properties.__proto__: property is not known here']);
    expect(({} as { Type?: string }).Type).toBeUndefined();
    expect((await compiled(text, { skipUnknown: true })).desired).toHaveLength(2);
  });

  test.each([
    '',
    '[]',
    'Resources',
    'Resources: []',
    '{"Resources": null}',
    '%YAML 9\n---\n!!binary x',
    'a: b: c',
    '\u0000',
  ])('no template: %j', async (text) => {
    expect((await refusal(parseTemplate(text, 't'))).code).toBe('invalid_input');
  });

  test('a chain of ten thousand resources', async () => {
    const queue = (index: number) =>
      `"Q${index}": {"Type": "AWS::SQS::Queue", "DependsOn": "Q${(index + 1) % 10_000}"}`;
    const text = `{"Resources": {${Array.from({ length: 10_000 }, (_, index) => queue(index)).join()}}}`;
    expect((await refusal(compiled(text))).lines[0]).toContain('needs itself: Q0 -> Q1');
  });
});
