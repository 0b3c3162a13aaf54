/**
 * The consumers under check, as far as whoever checks has them in hand. Of consumers that somebody else runs none of it can
 * be done, and what needs it is told as not tried.
 */
export interface CheckedConsumers {
  /** Whether they forget what they have in memory when they are ended and started. */
  readonly forget: boolean;
  /** Starts them; resolves when they are about to ask for messages. */
  start(): Promise<void>;
  /** Ends them; nothing of them makes a call any more. */
  stop(): Promise<void>;
  /** Ends the one that makes this caller's calls without any notice, and starts it anew; false when it is not known. */
  kill(caller: string): Promise<boolean>;
  /** Has two of the same run, so that a message can be in two hands; false when it cannot. */
  double(caller: string): Promise<boolean>;
  /** Ends those that `double` started. */
  single(): Promise<void>;
  /** Rejects when they cannot be run, or end again and again. */
  failed: Promise<never>;
  /** What they printed last and the errors they ended with, the oldest first; for an end that has no other reason. */
  lastLines?(): readonly string[];
  /** Says that they got somewhere: ends before that do not count any more. */
  progressed(): void;
  /** How often those that tell it were done with a message so far, whatever came of it. */
  handled(messageId: string): number;
  /**
   * Resolves when that number is above `above`; undefined for a caller that does not tell, whose end has to be seen from
   * outside, by what it calls.
   */
  untilHandled(caller: string, messageId: string, above: number): Promise<void> | undefined;
}
