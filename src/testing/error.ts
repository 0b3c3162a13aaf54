/** What a test did not find as it should be, or what the lab cannot do; the message has the recent calls and all queues. */
export class LabError extends Error {
  override readonly name = 'LabError';
}
