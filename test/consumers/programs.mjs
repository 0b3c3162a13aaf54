// The consumers of this folder: how each is started, and what differs from one to the other.
import { join } from 'node:path';

const python = (folder) => join(folder, 'venv/bin/python');

/** Programs that poll. `send` gives the command that sends an order; without it the message is `{"id": ORDER}`. */
export const PROGRAMS = {
  'sqs-consumer': { command: () => ['node', 'consumer.js'] },
  boto3: { command: (folder) => [python(folder), 'loop.py'], deletesFirst: true },
  celery: {
    command: (folder) => [
      ...[python(folder), '-m', 'celery', '-A', 'tasks', 'worker', '--pool', 'solo', '--loglevel', 'WARNING'],
      ...['--without-gossip', '--without-mingle', '--without-heartbeat'],
    ],
    send: (folder, order) => [
      ...[python(folder), '-m', 'celery', '-A', 'tasks', 'call', 'tasks.pay', '--args', JSON.stringify([order])],
    ],
  },
  'go-loop': { command: () => ['./bootstrap'] },
  java: { command: () => ['java', '-XX:TieredStopAtLevel=1', '-cp', 'target/classes:target/dependency/*', 'Loop'] },
};

const orders = { reportBatchItemFailures: true, timeout: 20, env: { POWERTOOLS_SERVICE_NAME: 'orders' } };

/** Lambda handlers, as `consumers` of a configuration has them. They put each order down once. */
export const HANDLERS = {
  'powertools-node': () => ({ ...orders, handler: 'handler.handler' }),
  'powertools-python': (folder) => ({
    ...{ ...orders, handler: 'handler.handler', runtime: 'provided' },
    command: [python(folder), '-m', 'awslambdaric', 'handler.handler'],
  }),
};
