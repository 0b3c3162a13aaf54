import type { Admin } from '../../topology/admin.ts';

/** What looks at and changes the resources of the shop. */
export interface StackAdmin extends Admin {
  /** Deletes every log stream and makes the named ones anew, for a reset. */
  clearLogs(streams: readonly string[]): Promise<number>;
}
