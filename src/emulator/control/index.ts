import type { Engine } from '../core/engine.ts';
import type { Snapshots } from '../persistence/snapshots.ts';
import type { RouteHandler } from '../protocols/wire.ts';
import { callRoutes } from './calls.ts';
import { clockRoutes } from './clock.ts';
import { contentRoutes } from './contents.ts';
import { faultRoutes } from './faults.ts';
import { logRoutes, metricRoutes } from './observed.ts';
import { confirmationRoutes, messageRoutes } from './peek.ts';
import { queueRoutes } from './queues.ts';
import { routeHandler } from './routing.ts';
import { settleRoutes } from './settle.ts';
import { resetRoutes, snapshotRoutes } from './snapshots.ts';
import { bucketRoutes, tableRoutes } from './stored.ts';
import { topicRoutes } from './topics.ts';
import { subscriptionRoutes, undeliverableRoutes } from './undeliverable.ts';

/** The engine's own interface beside AWS's APIs, under `/_cliffracer/` (docs/engine.md). */
export function controlRoutes(engine: Engine, snapshots: Snapshots): [prefix: string, handler: RouteHandler][] {
  return [
    ['/_cliffracer/calls', routeHandler(callRoutes(engine))],
    ['/_cliffracer/clock', routeHandler(clockRoutes(engine))],
    ['/_cliffracer/contents', routeHandler(contentRoutes(engine))],
    ['/_cliffracer/sqs/queues', routeHandler({ ...queueRoutes(engine), ...messageRoutes(engine) })],
    ['/_cliffracer/sns/confirmations', routeHandler(confirmationRoutes(engine))],
    ['/_cliffracer/sns/subscriptions', routeHandler(subscriptionRoutes(engine))],
    ['/_cliffracer/sns/topics', routeHandler(topicRoutes(engine))],
    ['/_cliffracer/dynamodb/tables', routeHandler(tableRoutes(engine))],
    ['/_cliffracer/s3/buckets', routeHandler(bucketRoutes(engine))],
    ['/_cliffracer/cloudwatch/metrics', routeHandler(metricRoutes(engine))],
    ['/_cliffracer/logs/groups', routeHandler(logRoutes(engine))],
    ['/_cliffracer/sns/undeliverable', routeHandler(undeliverableRoutes(engine))],
    ['/_cliffracer/faults', routeHandler(faultRoutes(engine))],
    ['/_cliffracer/settled', routeHandler(settleRoutes(engine))],
    ['/_cliffracer/snapshots', routeHandler(snapshotRoutes(engine, snapshots))],
    ['/_cliffracer/reset', routeHandler(resetRoutes(snapshots))],
  ];
}
