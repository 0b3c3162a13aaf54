import type { CallLog } from '../calls/port.ts';

const PAGE = 1_000;
/** Enough to know what publishers send, and no more than some seconds of reading. */
const MOST_PAGES = 20;

/**
 * Names of the message attributes that published messages had, by ARN of their topic, from the newest calls of a call log.
 * Rejects with `unsupported` where there is none.
 */
export async function publishedAttributes(log: CallLog): Promise<Map<string, Set<string>>> {
  const found = new Map<string, Set<string>>();
  for (const operation of ['Publish', 'PublishBatch']) {
    let after: number | undefined;
    for (let page = 0; page < MOST_PAGES; page++) {
      const query = { service: 'sns', operation, whole: true, limit: PAGE, ...(after !== undefined && { after }) };
      const { calls, next } = await log.page(query);
      for (const { input } of calls as { input?: unknown }[]) note(found, input);
      if (calls.length === 0 || next === after) break;
      after = next;
    }
  }
  return found;
}

interface Entry {
  MessageAttributes?: object;
}

function note(found: Map<string, Set<string>>, input: unknown): void {
  const { TopicArn, PublishBatchRequestEntries, ...entry } = (input ?? {}) as Entry & {
    TopicArn?: unknown;
    PublishBatchRequestEntries?: Entry[];
  };
  if (typeof TopicArn !== 'string') return;
  const names = found.get(TopicArn) ?? new Set();
  found.set(TopicArn, names);
  for (const each of PublishBatchRequestEntries ?? [entry]) {
    for (const name of Object.keys(each.MessageAttributes ?? {})) names.add(name);
  }
}
