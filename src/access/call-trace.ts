import type { App } from '../app.ts';
import { KEYS_AS_THEY_ARE } from '../cli/print.ts';
import type { CallLog } from '../lab/calls/port.ts';
import { followTrace } from '../lab/trace/follow.ts';
import type { CallTrace } from '../lab/trace/model.ts';
import { nothingFound, readTrace } from '../lab/trace/read.ts';
import { MESSAGE } from '../questions/messages.ts';
import { which } from '../questions/which.ts';
import { callTraceStepView, callTraceTreeView } from '../views/call-trace.ts';
import type { View } from '../views/context.ts';
import { callLogOf } from './call-log.ts';

export type TraceFormat = 'tree' | 'timeline' | 'mermaid' | 'json' | 'otlp';

export interface TraceOptions {
  follow?: boolean;
  calls?: boolean;
  format: TraceFormat;
}

const INSTEAD = 'an order of the shop, on every engine: cliffracer trace ORDER';
/** The beginning of a message's id. */
const BEGINNING = /^[0-9a-f][0-9a-f-]{3,35}$/;

/** Shows what has to do with a message, an item, an object or a text, by the call log. Rejects with `not_found`. */
export async function showCallTrace(app: App, given: string | undefined, options: TraceOptions): Promise<void> {
  const log = await callLogOf(app, INSTEAD);
  const id =
    given === undefined || given === '@last' || BEGINNING.test(given) ? await which(app, MESSAGE, given) : given;
  if (options.format === 'otlp') return printSpans(app, log, id);
  if (options.follow) return follow(app, log, id, options.format);
  await printCallTrace(app, await readTrace(log, id), options.format);
}

async function follow(app: App, log: CallLog, id: string, format: TraceFormat): Promise<void> {
  app.endsOnSignal();
  for await (const fact of followTrace(log, id, app)) {
    if (fact.kind === 'step') {
      if (app.print.json || format !== 'json') await app.print.fact(fact, callTraceStepView, KEYS_AS_THEY_ARE);
    } else if (app.print.json) await app.print.fact(fact, () => '', KEYS_AS_THEY_ARE);
    else {
      await app.print.raw('\n');
      await printCallTrace(app, fact, format);
    }
  }
}

async function printCallTrace(app: App, trace: CallTrace, format: TraceFormat): Promise<void> {
  const forPeople = format === 'tree' || format === 'timeline';
  await app.print[forPeople ? 'result' : 'document'](trace, await viewFor(format), KEYS_AS_THEY_ARE);
}

async function viewFor(format: TraceFormat): Promise<View<CallTrace>> {
  switch (format) {
    case 'tree':
      return callTraceTreeView;
    case 'timeline':
      return (await import('../views/waterfall.ts')).waterfallView;
    case 'mermaid':
      return (await import('../views/call-mermaid.ts')).callMermaidView;
    default:
      return (trace) => JSON.stringify(trace, undefined, 2);
  }
}

/** As `export otlp`, of the calls that are connected. */
async function printSpans(app: App, log: CallLog, id: string): Promise<void> {
  const [{ spansOf }, { otlpRequest }] = await Promise.all([
    import('../lab/otlp/spans.ts'),
    import('../lab/otlp/wire.ts'),
  ]);
  const found = await log.connected(id);
  if (found.named === null) throw nothingFound(found);
  const whole = [];
  // The context that a program gave a message stands in the input.
  for (const call of found.calls)
    whole.push(/^(SendMessage|Publish)/.test(call.operation) ? await log.call(call.seq) : call);
  const request = otlpRequest(spansOf(whole));
  await app.print.document(request, () => JSON.stringify(request), KEYS_AS_THEY_ARE);
}
