import type { TopicRoutes } from '../../../lab/controls/port.ts';
import type { QueueState } from '../../../lab/queues/port.ts';
import { type Loaded, useLoaded } from './loading.ts';

/** How often depths are looked at. */
const EVERY_MS = 1_500;

export type Topic = TopicRoutes;

export const useQueues = (everyMs = EVERY_MS): Loaded<{ queues: QueueState[] }> => useLoaded('queues', {}, everyMs);

export const useTopics = (): Loaded<{ topics: Topic[] }> => useLoaded('topics', {}, 10_000);

/** A queue that others' dead letters come to, and that is not worked on otherwise. */
export const isDeadLetterQueue = ({ dead_letters_of }: QueueState): boolean => dead_letters_of.length > 0;

export const waiting = ({ ready, in_flight, delayed }: QueueState): number => ready + in_flight + delayed;
