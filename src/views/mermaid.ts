import { SERVICES } from '../domain/names.ts';
import type { MissingDelivery, Trace, TraceDelivery, TraceEvent } from '../shop/trace/facts.ts';
import type { View } from './context.ts';
import { duration, safe } from './text.ts';

/** A line of the diagram; `at` orders them, and what is missing comes last. */
interface Line {
  at: number;
  text: string;
}

const LONGEST_TEXT = 120;

/** One order as a Mermaid sequence diagram: plain text, to be pasted into Markdown. */
export const traceMermaidView: View<Trace> = (trace) => {
  const names = new Names();
  const lines = trace.events.flatMap((event) => eventLines(event, names)).sort((a, b) => a.at - b.at);
  const state = trace.order === null ? '' : `, ${plainForMermaid(trace.order.status)}`;
  return [
    'sequenceDiagram',
    `  title Order ${plainForMermaid(trace.order_id)}${state}`,
    ...names.participants().map((participant) => `  ${participant}`),
    ...lines.map(({ text }) => `  ${text}`),
  ].join('\n');
};

function eventLines(event: TraceEvent, names: Names): Line[] {
  const by = names.of(event.published_by ?? 'topic');
  const placed = event.causation_id === null && event.effects.length > 0;
  const note = { at: event.after_ms ?? 0, text: `Note over ${by}: ${plainForMermaid(event.effects.join(', '))}` };
  return [
    ...(placed ? [note] : []),
    ...event.deliveries.flatMap((delivery) => deliveryLines(delivery, event, by, names)),
    ...event.missing.map((missing) => missingLine(missing, by, names)),
    ...[...event.deliveries.flatMap(({ publishes }) => publishes), ...event.follows].flatMap((next) =>
      eventLines(next, names),
    ),
  ];
}

/** An arrow from who published the event to who handled it, with a note of what that did. */
function deliveryLines(delivery: TraceDelivery, event: TraceEvent, by: string, names: Names): Line[] {
  const { attempt, outcome, error, effects, after_ms: at } = delivery;
  const service = names.of(delivery.service);
  const times = attempt > 1 ? `, attempt ${attempt}` : '';
  const ended = outcome === 'handled' ? '' : `, ${outcome}`;
  const label = plainForMermaid(`${event.event_type}${times}${ended}`);
  const done = effects.filter((effect) => !effect.startsWith('publish '));
  const said = error === null ? done.join(', ') : `${error.code}: ${error.message}`;
  const note =
    said === '' ? [] : [{ at, text: `Note over ${service}: ${plainForMermaid(`+${duration(at)} ${said}`)}` }];
  return [{ at, text: `${by}${error === null ? '->>' : '-x'}${service}: ${label}` }, ...note];
}

const missingLine = ({ service, event_type, state }: MissingDelivery, by: string, names: Names): Line => ({
  at: Number.POSITIVE_INFINITY,
  text: `${by}--)${names.of(service)}: ${plainForMermaid(`${event_type}, ${state.replace('_', ' ')}`)}`,
});

/** Names of participants: those of the services, and a made-up one with a label for whatever else a log line says. */
class Names {
  readonly #used = new Map<string, string>();

  of(name: string): string {
    const known = this.#used.get(name);
    if (known !== undefined) return known;
    const id = isKnown(name) ? name : `other${this.#used.size}`;
    this.#used.set(name, id);
    return id;
  }

  participants(): string[] {
    // Whoever is none of the services comes first: the topic, as a rule.
    const order = (name: string) => (SERVICES as readonly string[]).indexOf(name);
    return [...this.#used]
      .sort(([a], [b]) => order(a) - order(b))
      .map(([name, id]) => `participant ${id}${name === id ? '' : ` as ${plainForMermaid(name)}`}`);
  }
}

const isKnown = (name: string) => name === 'topic' || (SERVICES as readonly string[]).includes(name);

/** Text without what means something to Mermaid: entities stand for it (Mermaid's documentation, Entity codes). */
export function plainForMermaid(text: string): string {
  const short = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT - 1)}…` : text;
  return safe(short.replaceAll('->', '→')).replace(/[#;<>&"%{}]/g, (sign) => `#${sign.charCodeAt(0)};`);
}
