import type { Emulator } from '../../src/emulator/index.ts';
import type { EmulatorRequest } from '../../src/emulator/protocols/wire.ts';
import { PERMISSIONS } from '../../src/shop/stack/permissions.ts';

/** What `health --deep` and `doctor` call on resources of their own, and commands for any queue or topic. */
const LOCAL_ONLY = new Set([
  ...[
    'sns.Publish',
    'sns.ListTopics',
    'sns.ListSubscriptions',
    'sqs.SendMessage',
    'sqs.DeleteMessage',
    'sqs.ListQueues',
  ],
  ...[
    'dynamodb.ListTables',
    's3.DeleteObject',
    's3.ListBuckets',
    's3.GetBucketNotificationConfiguration',
    'logs.GetLogEvents',
    'cloudwatch.ListMetrics',
  ],
]);
const PERMITTED = new Set(PERMISSIONS.map(({ service, operation }) => `${service}.${operation}`));

/** Notes in `seen` every operation that the program's own clients call: they name themselves in their user agent. */
export function recorded(emulator: Emulator, seen: Set<string>): Emulator {
  const { engine } = emulator;
  const run = engine.run.bind(engine);
  engine.run = (request) => {
    const { headers } = (request.client ?? {}) as Partial<EmulatorRequest>;
    if (/\bapp\/(cliffracer|[\w-]+-service)\b/.test(headers?.['user-agent'] ?? ''))
      seen.add(`${request.service}.${request.operation}`);
    return run(request);
  };
  return emulator;
}

/** Operations that the policy of `provision --print-policy` does not allow; whoever asks who they are needs no permission. */
export function notPermitted(seen: ReadonlySet<string>): string[] {
  return [...seen].filter((each) => !PERMITTED.has(each) && !LOCAL_ONLY.has(each) && !each.startsWith('sts.')).sort();
}
