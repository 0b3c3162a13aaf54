/** Carried by every resource that we make; on AWS nothing without it is changed or deleted. */
export const STACK_TAG = 'cliffracer:stack';
/** Carried beside it by what was there before a template took it over: it is not removed with the stack. */
export const ADOPTED_TAG = 'cliffracer:adopted';

/** Kinds of resources that a stack is made of. */
export type Kind = 'topic' | 'queue' | 'subscription' | 'table' | 'bucket' | 'log_group' | 'alarm';

/** Plain data, comparable part by part. */
export type Value = string | number | boolean | readonly Value[] | { readonly [name: string]: Value };
export type Attributes = { readonly [name: string]: Value };

/** A resource as it should be, or as it was found: only the attributes that we own. */
export interface Resource {
  kind: Kind;
  /** Full name; a subscription goes by what it joins. */
  name: string;
  attributes: Attributes;
  /** Of a subscription: what it joins. */
  joins?: Joined;
}

export interface Joined {
  /** ARN of the topic. */
  topic: string;
  /** ARN of the queue. */
  endpoint: string;
}

/** A resource as it should be, with what must be there before it. */
export interface Desired extends Resource {
  needs: readonly string[];
  /** Attributes that protect on AWS and change nothing in how the shop works; some engines do not keep them. */
  protections?: readonly string[];
}

export interface Observed extends Resource {
  /** Carries our stack's tag; subscriptions, which cannot be tagged, belong to their topic. */
  ours: boolean;
}

export const idOf = ({ kind, name }: { kind: Kind; name: string }): string => `${kind} ${name}`;
