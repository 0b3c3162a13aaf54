import type { Change } from './plan.ts';
import type { Kind, Observed, Resource } from './resources.ts';

/**
 * How one kind of resource is looked at and changed; `aws/admin/` implements it over the SDK. Every method waits, with
 * backoff, until what it did can be used.
 */
export interface ResourceAdmin {
  /** What exists of these, in any order, and whatever else of this kind hangs on the stack (a stranger's subscription). */
  observe(wanted: readonly Resource[]): Promise<Observed[]>;
  /** Fine when somebody else has made it meanwhile. */
  create(resource: Resource): Promise<void>;
  update(resource: Resource, changes: readonly Change[]): Promise<void>;
  /** With what is in it; fine when it is gone already. */
  remove(resource: Resource): Promise<void>;
}

export interface Admin {
  readonly kinds: Readonly<Record<Kind, ResourceAdmin>>;
}
