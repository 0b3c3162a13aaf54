import { cloudwatch } from '../../../src/emulator/cloudwatch/index.ts';
import { Engine } from '../../../src/emulator/core/engine.ts';
import type { HostTime } from '../../../src/emulator/core/host.ts';
import type { ServiceDefinition } from '../../../src/emulator/core/types.ts';

/** Milliseconds; CloudWatch's own times are `T` in seconds. */
export const NOW = Date.UTC(2026, 0, 15);
export const T = NOW / 1000;

const stillHost: HostTime = { now: () => NOW, after: () => () => {} };

/** An engine with CloudWatch and a topic that remembers what was published and when. */
export function world() {
  const published: { at: number; input: { TopicArn: string; Subject?: string; Message: string }; from: unknown }[] = [];
  const sns: ServiceDefinition = {
    id: 'sns',
    scope: 'regional',
    createState: () => ({}),
    operations: {
      Publish: (context, input) => {
        if (!input.TopicArn.endsWith(':topic')) throw new Error('Topic does not exist');
        published.push({ at: context.now, input, from: context.caller });
        return { MessageId: '1' };
      },
    },
    timers: {},
  };
  const engine = new Engine({ services: [cloudwatch, sns], host: stillHost, seed: 1, frozenAt: NOW });
  const call = (operation: string, input: unknown) =>
    engine.call({ service: 'cloudwatch', account: '123456789012', region: 'us-east-1', operation, input });
  const put = (...MetricData: object[]) => call('PutMetricData', { Namespace: 'Shop', MetricData });
  return { engine, call, put, published };
}
