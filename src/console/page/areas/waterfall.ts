import type { CallTrace, TraceCall, TraceDelivery, TraceMessage } from '../../../lab/trace/model.ts';
import { duration, shortId } from '../data/format.ts';
import { html } from '../html.ts';

interface Bar {
  delivery: TraceDelivery;
  message: TraceMessage;
  depth: number;
}

/** A line for each attempt: its time in the queue apart from its time in the consumer. */
export function Waterfall({ trace }: { trace: CallTrace }) {
  const bars = [...barsOf(trace)].sort((a, b) => a.delivery.after_ms - b.delivery.after_ms);
  const whole = Math.max(
    1,
    trace.duration_ms,
    ...bars.map(({ delivery }) => delivery.after_ms + (delivery.worked_ms ?? 0)),
  );
  const at = (ms: number) => `${(Math.max(0, ms) / whole) * 100}%`;
  return html`<div class="waterfall">
    <p class="legend"><span><i class="key waited"></i>in the queue</span><span><i class="key worked"></i>in the consumer</span><span><i class="key failed"></i>not handled</span><span class="grow"></span><span class="num dim">${duration(whole)}</span></p>
    ${bars.map(({ delivery, message }) => {
      const { id, caller, attempt, after_ms: after, waited_ms: waited, worked_ms: worked, end } = delivery;
      const start = Math.max(0, after - waited);
      const text = `${caller}, attempt ${attempt}: ${duration(waited)} in the queue, ${worked === null ? 'in hand' : `${duration(worked)} in the consumer`}`;
      return html`<div class="fall" key=${id} title=${text}>
        <span class="fall-name"><span class="mono">${message.to}</span>${attempt > 1 && html` <span class="dead-text">×${attempt}</span>`}<br /><span class="dim">${caller} · ${shortId(message.message_id)}</span></span>
        <span class="fall-line" role="img" aria-label=${text}><i class="waited" style=${{ left: at(start), width: at(after - start) }}></i><i class="worked ${end === 'deleted' || end === null ? '' : 'failed'}" style=${{ left: at(after), width: at(worked ?? whole - after) }}></i></span>
        <span class="num dim fall-time">${worked === null ? '…' : duration(worked)}</span>
      </div>`;
    })}
  </div>`;
}

function* barsOf({ calls, messages }: CallTrace): Generator<Bar> {
  for (const call of calls) yield* ofCall(call, 0);
  for (const message of messages) yield* ofMessage(message, 0);
}

function* ofCall({ sends }: TraceCall, depth: number): Generator<Bar> {
  for (const message of sends) yield* ofMessage(message, depth);
}

function* ofMessage(message: TraceMessage, depth: number): Generator<Bar> {
  for (const copy of message.copies) yield* ofMessage(copy, depth);
  for (const delivery of message.deliveries) {
    yield { delivery, message, depth };
    for (const call of delivery.calls) yield* ofCall(call, depth + 1);
  }
}
