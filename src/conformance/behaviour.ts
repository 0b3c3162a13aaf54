import type { Clients } from '../aws/clients.ts';
import type { Clock } from '../clock.ts';
import type { Ports } from '../ports.ts';
import type { StackAdmin } from '../shop/stack/admin.ts';
import type { StackNames } from '../shop/stack/names.ts';
import type { Desired } from '../topology/resources.ts';

/** How an engine's behaviour compares with what AWS documents. */
export type Verdict = 'as AWS' | { differs: string } | { missing: string };

export const AREAS = ['SQS', 'SNS', 'DynamoDB', 'S3', 'CloudWatch', 'Logs', 'shop'] as const;
export type Area = (typeof AREAS)[number];

/** One thing that AWS does, as data, with a trial that finds out whether an engine does it too. */
export interface Behaviour {
  id: string;
  area: Area;
  /** What AWS does. */
  does: string;
  /** Where AWS says so. */
  source: string;
  /** Works on resources of its own, and removes them. What it throws is a verdict too. */
  run(trial: Trial): Promise<Verdict>;
}

/** One stack of the shop, provisioned and seeded. */
export interface TrialStack {
  names: StackNames;
  ports: Ports;
  admin: StackAdmin;
  desired: Desired[];
}

/** What a trial works with. */
export interface Trial {
  clients: Clients;
  /** Lower-case letters, digits and hyphens; nobody else uses it. */
  name: string;
  clock: Clock;
  /** Set where the engine is in this process. */
  requestHandler?: unknown;
  uuid(): string;
  /** Makes the shop's stack for the time of `use`. */
  shop<T>(use: (stack: TrialStack) => Promise<T>): Promise<T>;
}

export const AS_AWS = 'as AWS';
export const differs = (text: string): Verdict => ({ differs: text });
export const missing = (text: string): Verdict => ({ missing: text });
