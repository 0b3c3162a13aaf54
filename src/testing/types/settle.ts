/** Milliseconds, or a text such as `500ms`, `30s`, `2h30m`. */
export type Duration = number | string;

export interface SettleOptions {
  /** Queues that need not be empty: nobody receives from them in this test. */
  except?: string | readonly string[];
  /** Real time without any call after which it gives up (default 2 s). */
  patience?: Duration;
  /** What is farther away in engine time is not waited for (default 13 h, more than any visibility timeout). */
  within?: Duration;
}
