/**
 * The consumers under check, as far as whoever checks has them in hand. Of consumers that somebody else runs none of it can
 * be done, and what needs it is told as not tried.
 */
export interface CheckedConsumers {
  /** Starts them, with nothing in memory; resolves when they are about to ask for messages. */
  start(): Promise<void>;
  /** Ends them; nothing of them makes a call any more. */
  stop(): Promise<void>;
  /** Ends the one that has this name among the callers without any notice, and starts it anew. */
  kill(caller: string): Promise<void>;
  /** Starts another one of the same, so that a message can be in two hands. */
  double(caller: string): Promise<void>;
  /** Ends those that `double` started. */
  single(): Promise<void>;
  /** Rejects when they cannot be run, or end again and again. */
  failed: Promise<never>;
  /** Says that they got somewhere: ends before that do not count any more. */
  progressed(): void;
  /**
   * How often they are done with a message of a queue so far, whatever came of it; undefined where that has to be seen from
   * outside, by what they call.
   */
  handled?(queue: string, messageId: string): number | undefined;
  /** Resolves when that number is above `before`. */
  untilHandled?(messageId: string, before: number): Promise<void>;
}
