import type { CallTrace, TraceCall, TraceDelivery, TraceMessage } from '../lab/trace/model.ts';
import type { View } from './context.ts';
import { effectText } from './effects.ts';
import { plainForMermaid } from './mermaid.ts';
import { duration } from './text.ts';

interface Line {
  at: number;
  text: string;
}

/** The same as a Mermaid sequence diagram: callers, queues and topics as participants. */
export const callMermaidView: View<CallTrace> = (trace) => {
  const names = new Participants();
  const lines = [
    ...trace.messages.flatMap((message) => messageLines(message, undefined, names)),
    ...trace.calls.flatMap((call) => callLines(call, names)),
  ].sort((a, b) => a.at - b.at);
  return [
    'sequenceDiagram',
    `  title ${plainForMermaid(trace.of)}`,
    ...names.lines().map((line) => `  ${line}`),
    ...lines.map(({ text }) => `  ${text}`),
  ].join('\n');
};

function callLines(call: TraceCall, names: Participants): Line[] {
  const { caller, operation, after_ms: at, outcome, effects, sends } = call;
  const by = names.of(caller);
  const told = effects.filter(({ kind }) => kind !== 'metric' && kind !== 'log').map(effectText);
  const said = outcome === 'ok' ? told.filter((text) => text !== undefined) : [outcome];
  const note =
    said.length === 0 ? [] : [{ at, text: `Note over ${by}: ${plainForMermaid(`${operation} ${said.join('; ')}`)}` }];
  return [...note, ...sends.flatMap((message) => messageLines(message, caller, names))];
}

function messageLines(message: TraceMessage, from: string | undefined, names: Participants): Line[] {
  const { to, after_ms, message_id, copies, deliveries, not_delivered } = message;
  const at = after_ms ?? 0;
  const target = names.of(to);
  const sent =
    from === undefined
      ? []
      : [{ at, text: `${names.of(from)}->>${target}: ${plainForMermaid(message_id.slice(0, 8))}` }];
  return [
    ...sent,
    ...not_delivered.map(({ endpoint, outcome }) => ({
      at,
      text: `${target}--x${names.of(endpoint)}: ${plainForMermaid(outcome)}`,
    })),
    ...copies.flatMap((copy) => messageLines(copy, to, names)),
    ...deliveries.flatMap((delivery) => deliveryLines(delivery, names)),
  ];
}

function deliveryLines(
  { queue, caller, attempt, waited_ms, end, after_ms: at, calls }: TraceDelivery,
  names: Participants,
): Line[] {
  const arrow = end === 'timed_out' ? '-x' : '->>';
  const label = `attempt ${attempt}, waited ${duration(waited_ms)}${end === null ? ', in hand' : `, ${end.replace('_', ' ')}`}`;
  return [
    { at, text: `${names.of(queue)}${arrow}${names.of(caller)}: ${plainForMermaid(label)}` },
    ...calls.flatMap((call) => callLines(call, names)),
  ];
}

/** Ids of participants are made up; what they are called is a label. */
class Participants {
  readonly #ids = new Map<string, string>();

  of(name: string): string {
    let id = this.#ids.get(name);
    if (id === undefined) {
      id = `p${this.#ids.size + 1}`;
      this.#ids.set(name, id);
    }
    return id;
  }

  lines(): string[] {
    return [...this.#ids].map(([name, id]) => `participant ${id} as ${plainForMermaid(name)}`);
  }
}
