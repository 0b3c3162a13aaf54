/** An event source mapping and its function, as they are configured; times in seconds. */
export interface MappingSettings {
  batchSize: number;
  batchWindow: number;
  reportBatchItemFailures: boolean;
  /** Patterns as JSON texts. */
  filters: readonly string[];
  maximumConcurrency: number;
  /** Of the function. */
  timeout: number;
}

/**
 * Defaults of CreateEventSourceMapping and CreateFunction. A mapping without maximum concurrency starts with five batches at a
 * time (Lambda Developer Guide, "Configuring scaling behavior for SQS event source mappings"); here it stays at that.
 */
export const DEFAULTS: MappingSettings = {
  ...{ batchSize: 10, batchWindow: 0, reportBatchItemFailures: false },
  ...{ filters: [], maximumConcurrency: 5, timeout: 3 },
};

export interface SettingFault {
  setting: keyof MappingSettings;
  /** Ends a sentence that begins with the setting's name. */
  why: string;
}

/**
 * What CreateEventSourceMapping refuses of settings that are each within their range (Lambda Developer Guide, "Lambda
 * parameters for Amazon SQS event source mappings").
 */
export function mappingFault(settings: MappingSettings, queueName: string): SettingFault | undefined {
  const { batchSize, batchWindow } = settings;
  const fifo = queueName.endsWith('.fifo');
  if (fifo && batchSize > 10) return { setting: 'batchSize', why: 'must be at most 10 for a FIFO queue' };
  if (fifo && batchWindow > 0) return { setting: 'batchWindow', why: 'cannot be had with a FIFO queue' };
  if (batchSize > 10 && batchWindow < 1)
    return { setting: 'batchSize', why: 'above 10 needs a batchWindow of at least 1' };
  return undefined;
}

/** Refused by AWS as well, when the mapping is made: the queue would give a message out again while it is handled. */
export function visibilityFault(
  { timeout }: MappingSettings,
  queue: { visibilitySeconds: number },
): SettingFault | undefined {
  if (queue.visibilitySeconds >= timeout) return undefined;
  return {
    setting: 'timeout',
    why: `must not be longer than the queue's visibility timeout: ${queue.visibilitySeconds} seconds is less than ${timeout}`,
  };
}
