import { CliffracerError } from '../../errors.ts';
import type { AttributeText } from '../queues/port.ts';
import type { Call, MessageEffect } from './call.ts';
import type { CallLog } from './port.ts';

/** A message as it was sent, as far as the call log has it. */
export interface Origin {
  queue: string;
  message_id: string;
  body: string;
  attributes: Record<string, AttributeText>;
  group: string | null;
  sent_at: string;
  sent_by: string;
}

const PAGE = 10_000;

/** Finds a message in the log. Its attributes stand in the call that sent it. Rejects with `not_found`. */
export async function originOf(log: CallLog, message: string): Promise<Origin> {
  const found = await firstOf(log, message);
  if (found === undefined) {
    throw new CliffracerError('not_found', `the call log has no message ${JSON.stringify(message)} with its body`, {
      hint: 'cliffracer calls',
    });
  }
  const { call, effect } = found;
  const { input } = await log.call(call.seq);
  return {
    ...{ queue: effect.queue, message_id: message, body: effect.body!, group: effect.group },
    attributes: attributesOf(input, effect.body!),
    ...{ sent_at: call.at, sent_by: call.caller },
  };
}

/** Where it was sent, else the first receive that is still known; where that was undone, as it was before. */
async function firstOf(log: CallLog, message: string): Promise<{ call: Call; effect: MessageEffect } | undefined> {
  const present = await log.page({ message, present: true, limit: PAGE });
  const found = firstIn(present.calls, message);
  if (found !== undefined || present.undone === null) return found;
  return firstIn((await log.page({ message, limit: PAGE })).calls, message);
}

function firstIn(calls: readonly Call[], message: string): { call: Call; effect: MessageEffect } | undefined {
  for (const change of ['sent', 'received']) {
    for (const call of calls) {
      for (const effect of call.effects) {
        if (effect.kind !== 'message' || effect.message_id !== message || effect.change !== change) continue;
        if (effect.body !== null) return { call, effect };
      }
    }
  }
  return undefined;
}

interface WireAttribute {
  DataType?: unknown;
  StringValue?: unknown;
  BinaryValue?: unknown;
}

interface WireMessage {
  MessageBody?: unknown;
  Message?: unknown;
  MessageAttributes?: Record<string, WireAttribute>;
  Entries?: WireMessage[];
  PublishBatchRequestEntries?: WireMessage[];
}

/** Attributes in the input of a call that sent or published; of a batch, those of the entry with this body. */
function attributesOf(input: unknown, body: string): Record<string, AttributeText> {
  if (typeof input !== 'object' || input === null) return {};
  const whole = input as WireMessage;
  const entries = whole.Entries ?? whole.PublishBatchRequestEntries ?? [whole];
  const entry = entries.find(({ MessageBody, Message }) => (MessageBody ?? Message) === body);
  const attributes: Record<string, AttributeText> = Object.create(null);
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(entry?.MessageAttributes ?? {})) {
    const value = StringValue ?? BinaryValue;
    if (typeof DataType === 'string' && typeof value === 'string') attributes[name] = { type: DataType, value };
  }
  return attributes;
}
