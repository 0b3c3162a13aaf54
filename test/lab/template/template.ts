import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CompiledTemplate, compileTemplate } from '../../../src/lab/template/compile.ts';
import { parseTemplate } from '../../../src/lab/template/parse.ts';
import type { Place } from '../../../src/lab/template/scope.ts';

export const PLACE: Place = {
  ...{ account: '000000000000', region: 'us-east-1', partition: 'aws', stack: 'shop' },
  queueUrl: (name) => `http://localhost:4566/000000000000/${name}`,
  exports: new Map(),
};

export interface Given {
  parameters?: Record<string, string>;
  skipUnknown?: boolean;
  place?: Partial<Place>;
}

export async function compiled(text: string, given: Given = {}): Promise<CompiledTemplate> {
  const template = await parseTemplate(text, 'template.yaml');
  return compileTemplate(template, {
    file: 'template.yaml',
    place: { ...PLACE, ...given.place },
    parameters: new Map(Object.entries(given.parameters ?? {})),
    skipUnknown: given.skipUnknown ?? false,
  });
}

export const fileOf = (name: string): string => join(import.meta.dirname, 'files', name);
export const textOf = (name: string): string => readFileSync(fileOf(name), 'utf8');

/** A value as the output `It` of a template with one queue. */
export async function worth(value: string, given: Given & { sections?: string } = {}): Promise<unknown> {
  const text = `${given.sections ?? ''}\nResources:\n  Orders: {Type: AWS::SQS::Queue, Properties: {QueueName: orders}}\nOutputs:\n  It:\n    Value: ${value}\n`;
  return (await compiled(text, given)).outputs[0]?.value;
}

export async function refusal(
  work: Promise<unknown>,
): Promise<{ code: string; lines: readonly string[]; hint?: string }> {
  const error = await work.then(
    () => {
      throw new Error('nothing was refused');
    },
    (thrown) => thrown,
  );
  return { code: error.code, lines: error.details.length > 0 ? error.details : [error.message], hint: error.hint };
}
