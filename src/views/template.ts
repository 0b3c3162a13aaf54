import type { CompiledTemplate } from '../lab/template/compile.ts';
import type { Note } from '../lab/template/fault.ts';
import type { TemplateFunction, TemplateMapping } from '../lab/template/functions.ts';
import type { View, ViewContext } from './context.ts';
import { planView } from './plan.ts';
import { changesView, type ResourceChange } from './provision.ts';
import { plural, safe } from './text.ts';

export interface FunctionView extends Omit<TemplateFunction, 'environment'> {
  environment: readonly { name: string; value: string }[];
}

export interface TemplateStack extends Omit<CompiledTemplate, 'desired' | 'functions'> {
  functions: readonly FunctionView[];
  stack: string;
  /** The file. */
  template: string;
  resources: readonly ResourceChange[];
}

export interface TemplateStacksView {
  planned?: boolean;
  stacks: readonly TemplateStack[];
}

/** What was removed of each template's stack, or is not as it should be. */
export interface TemplateChangesView {
  planned?: boolean;
  stacks: readonly Pick<TemplateStack, 'stack' | 'template' | 'resources'>[];
}

export const templateChangesView: View<TemplateChangesView> = ({ planned, stacks }, context) =>
  stacks.map((each) => (planned ? planView : changesView)(each, context)).join('\n\n');

/** What was made of each template, or would be, and what it declares beside that. */
export const templateStacksView: View<TemplateStacksView> = ({ planned, stacks }, context) =>
  stacks.map((stack) => [...sections(stack, planned ?? false, context)].join('\n')).join('\n\n');

function* sections(stack: TemplateStack, planned: boolean, context: ViewContext): Generator<string> {
  const { resources, functions, mappings, outputs, leftOut, withoutEffect } = stack;
  yield planned ? planView(stack, context) : changesView({ ...stack, resources }, context);
  if (functions.length > 0) {
    yield context.paint.bold('Functions, run by their consumers');
    for (const each of functions) yield* functionLines(each, mappings);
  }
  if (outputs.length > 0) {
    yield context.paint.bold('Outputs');
    for (const { name, value } of outputs) yield `  ${safe(name)}: ${safe(textOf(value))}`;
  }
  yield* noteLines('Left out', leftOut, context.paint.yellow);
  yield* noteLines('Without effect', withoutEffect, context.paint.dim);
}

function* functionLines(each: FunctionView, mappings: readonly TemplateMapping[]): Generator<string> {
  const { name, handler, runtime, timeout } = each;
  const what = [runtime, handler, `timeout ${timeout} s`].filter((part) => part !== undefined);
  yield `  ${safe(name)}: ${safe(what.join(', '))}`;
  for (const mapping of mappings) {
    if (mapping.function !== name) continue;
    const { queue, batchSize, batchWindow, reportBatchItemFailures, enabled } = mapping;
    const parts = [
      `batches of ${batchSize}`,
      batchWindow > 0 && `window ${batchWindow} s`,
      reportBatchItemFailures && 'reports failed items',
      !enabled && 'disabled',
    ];
    yield `    from ${safe(queue.slice(queue.lastIndexOf(':') + 1))}: ${parts.filter(Boolean).join(', ')}`;
  }
}

function* noteLines(title: string, notes: readonly Note[], paint: (text: string) => string): Generator<string> {
  if (notes.length === 0) return;
  yield paint(`${title}: ${plural(notes.length, 'part')}`);
  for (const { path, message } of notes) yield paint(`  ${safe(path)}: ${safe(message)}`);
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
