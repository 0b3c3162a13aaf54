import { resolve } from 'node:path';
import type { Path } from '../../config/check.ts';
import type { CommandConsumer, Config, HandlerConsumer } from '../../config/types.ts';
import { type MessageFilter, messageFilter } from '../lambda/filter.ts';
import { DEFAULTS, type MappingSettings, mappingFault, type SettingFault } from '../lambda/settings.ts';

/** A program that receives from queues, as the configuration names it. */
export type Consumer = PollingConsumer | FunctionConsumer;

interface Named {
  name: string;
  /** Absolute. */
  directory: string;
  env: Readonly<Record<string, string>>;
}

export interface PollingConsumer extends Named {
  kind: 'command';
  command: readonly string[];
}

export interface FunctionConsumer extends Named {
  kind: 'handler';
  handler: string;
  /** Name. */
  queue: string;
  /** Starts the runtime client; undefined for the one of this program. */
  command: readonly string[] | undefined;
  settings: MappingSettings;
  filter: MessageFilter;
  /** An error that names where the setting stands. */
  refuse(fault: SettingFault): Error;
}

type Refuse = (path: Path, why: string) => Error;

/** The consumers of a checked configuration in `folder`; `refuse` is told what its schema cannot see. */
export function consumersOf(consumers: Config['consumers'] = {}, folder: string, refuse: Refuse): Consumer[] {
  return Object.entries(consumers).map(([name, consumer]): Consumer => {
    const named = { name, directory: resolve(folder, consumer.directory ?? '.'), env: consumer.env ?? {} };
    return 'handler' in consumer
      ? { ...named, ...functionOf(name, consumer, refuse) }
      : { ...named, kind: 'command', command: (consumer as CommandConsumer).command };
  });
}

function functionOf(name: string, consumer: HandlerConsumer, refuse: Refuse): Omit<FunctionConsumer, keyof Named> {
  const { handler, queue, runtime, command } = consumer;
  const at = (member: string, why: string) => refuse(['consumers', name, member], `consumers.${name}.${member} ${why}`);
  if (runtime === 'provided' && command === undefined) throw at('runtime', 'provided needs a command that starts it');
  if (command === undefined && !/^[^.].*\.[^./]+$/.test(handler.replace(/^\.\//, '')))
    throw at('handler', `must be FILE.EXPORT, not ${JSON.stringify(handler)}`);
  const settings: MappingSettings = { ...DEFAULTS };
  for (const key of ['batchSize', 'batchWindow', 'maximumConcurrency', 'timeout'] as const)
    settings[key] = consumer[key] ?? settings[key];
  settings.reportBatchItemFailures = consumer.reportBatchItemFailures ?? false;
  settings.filters = (consumer.filterCriteria?.Filters ?? []).map(({ Pattern }) =>
    typeof Pattern === 'string' ? Pattern : JSON.stringify(Pattern),
  );
  const fault = mappingFault(settings, queue);
  if (fault !== undefined) throw at(fault.setting, fault.why);
  let filter: MessageFilter;
  try {
    filter = messageFilter(settings.filters);
  } catch (error) {
    throw at('filterCriteria', (error as Error).message);
  }
  const refuseSetting = ({ setting, why }: SettingFault) => at(setting, why);
  return { kind: 'handler', handler, queue, command, settings, filter, refuse: refuseSetting };
}
