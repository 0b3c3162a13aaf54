/** What a function's answer means for the messages of its batch. */
export interface BatchResult {
  /** Ids of the messages that stay in the queue. */
  failed: ReadonlySet<string>;
  /** Why the whole batch counts as failed. */
  reason?: string;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * Which messages of a batch failed, by the answer of a function that ran to its end. Lambda Developer Guide, "Handling errors
 * for an SQS event source in Lambda", success and failure conditions: null, an empty object and an empty or null list are a
 * complete success; no JSON, an itemIdentifier that is empty, null, misspelt or of no message of the batch is a complete
 * failure. Without ReportBatchItemFailures the answer is not looked at.
 */
export function batchResult(answer: string, ids: readonly string[], reports: boolean): BatchResult {
  if (!reports) return { failed: NONE };
  const all = (reason: string): BatchResult => ({ failed: new Set(ids), reason });
  let response: unknown;
  try {
    response = answer === '' ? null : JSON.parse(answer);
  } catch {
    return all('the answer is no JSON');
  }
  if (response === null) return { failed: NONE };
  if (typeof response !== 'object' || Array.isArray(response)) return all('the answer is no JSON object');
  const { batchItemFailures: failures } = response as { batchItemFailures?: unknown };
  if (failures === undefined || failures === null) return { failed: NONE };
  if (!Array.isArray(failures)) return all('batchItemFailures is no list');
  const failed = new Set<string>();
  for (const failure of failures as unknown[]) {
    const id = (failure as { itemIdentifier?: unknown } | null)?.itemIdentifier;
    if (typeof id !== 'string' || id === '') return all('batchItemFailures holds an entry without itemIdentifier');
    if (!ids.includes(id)) return all(`itemIdentifier ${JSON.stringify(id)} is no message of the batch`);
    failed.add(id);
  }
  return { failed };
}

/**
 * The first message that was handled after a failed one of its group. Lambda deletes it all the same: that a function for a
 * FIFO queue must stop at the first failure and report what follows is up to the function (same page, FIFO queues).
 */
export function outOfOrder(
  messages: readonly { messageId: string; attributes: Readonly<Record<string, string>> }[],
  failed: ReadonlySet<string>,
): { messageId: string; group: string } | undefined {
  const stopped = new Set<string>();
  for (const { messageId, attributes } of messages) {
    const group = attributes.MessageGroupId;
    if (group === undefined) continue;
    if (failed.has(messageId)) stopped.add(group);
    else if (stopped.has(group)) return { messageId, group };
  }
  return undefined;
}
