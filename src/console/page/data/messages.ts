import type { FeedCall, FeedEffect } from '../../server/routes/feed.ts';

/** A message of a queue, or one that was published, as lists show it. */
export interface MessageRow {
  id: string;
  kind: 'queue' | 'topic';
  /** Name of the queue or topic. */
  to: string;
  at: number;
  /** Who sent it. */
  caller: string;
  state: 'published' | 'waiting' | 'in flight' | 'done' | 'dead' | 'expired' | 'moved';
  receives: number;
  /** Who received it last. */
  by: string | undefined;
  type: string;
  text: string;
  /** Number of the call that sent it. */
  seq: number;
}

/** As many as the page keeps: older ones are let go, and counted. */
const MOST_ROWS = 5_000;
/** Let go at once, so that it is seldom. */
const STRETCH = 500;

/** The newest messages, oldest first. */
export class MessageRows {
  rows: MessageRow[] = [];
  /** How many were let go. */
  dropped = 0;
  readonly #known = new Map<string, MessageRow>();

  add({ seq, at_ms: at, caller, effects }: FeedCall): void {
    for (const effect of effects) {
      if (effect.kind === 'published') this.#published(effect, { seq, at, caller });
      else if (effect.kind === 'message') this.#changed(effect, { seq, at, caller });
    }
    if (this.rows.length > MOST_ROWS + STRETCH) this.#letGo();
  }

  clear(): void {
    this.rows = [];
    this.#known.clear();
  }

  #new(row: Omit<MessageRow, 'type' | 'receives' | 'by'>): MessageRow {
    const made = { ...row, type: typeOf(row.text), receives: 0, by: undefined };
    this.rows.push(made);
    this.#known.set(row.id, made);
    return made;
  }

  #published({ message_id: id, topic, body }: FeedEffect & { kind: 'published' }, call: Sending): void {
    this.#new({ id, kind: 'topic', to: nameOf(topic), state: 'published', text: body, ...call });
  }

  #changed(effect: FeedEffect & { kind: 'message' }, call: Sending): void {
    const { message_id: id, queue, change, receives, body, to } = effect;
    const known =
      this.#known.get(id) ?? this.#new({ id, kind: 'queue', to: queue, state: 'waiting', text: body ?? '', ...call });
    const state = STATES[change];
    if (state !== undefined && !(known.state === 'dead' && state === 'waiting')) known.state = state;
    if (change === 'received') {
      known.receives = receives;
      known.by = call.caller;
    }
    if (change === 'dead_lettered' && to !== null) known.to = to;
  }

  #letGo(): void {
    for (const { id } of this.rows.splice(0, this.rows.length - MOST_ROWS)) this.#known.delete(id);
    this.dropped += STRETCH;
  }
}

type Sending = Pick<MessageRow, 'seq' | 'at' | 'caller'>;

const STATES: Readonly<Partial<Record<string, MessageRow['state']>>> = {
  ...{
    sent: 'waiting',
    received: 'in flight',
    deleted: 'done',
    returned: 'waiting',
    visible: 'waiting',
    ready: 'waiting',
  },
  ...{ dead_lettered: 'dead', expired: 'expired', moved: 'moved' },
};

export const nameOf = (arn: string) => arn.slice(arn.lastIndexOf(':') + 1);

const TYPE = /\\?"(?:event_type|eventType|detail-type|type)\\?"\s*:\s*\\?"([^"\\]{1,60})/;

/** What kind of event a body tells of, as far as its beginning says. */
const typeOf = (text: string): string => TYPE.exec(text)?.[1] ?? '';
