import type { Call, CallOptions, ServiceName } from './call.ts';
import { withOrigin } from './trace-headers.ts';

interface Client {
  send(command: unknown, options?: object): Promise<unknown>;
}
type CommandClasses = Readonly<Record<string, new (input: unknown) => unknown>>;

/** Calls through the SDK's clients. Each service's commands are loaded with its first call. */
export function sdkCall(clients: { [S in ServiceName]: () => Promise<unknown> }): Call {
  const loaded = new Map<ServiceName, Promise<[Client, CommandClasses]>>();
  const load = (service: ServiceName) => {
    let found = loaded.get(service);
    if (found === undefined) {
      found = Promise.all([clients[service]() as Promise<Client>, COMMANDS[service]() as Promise<CommandClasses>]);
      // After a failure the next call tries again.
      found.catch(() => loaded.delete(service));
      loaded.set(service, found);
    }
    return found;
  };
  const call = async (service: ServiceName, operation: string, input: object, options: CallOptions = {}) => {
    const [client, commands] = await load(service);
    const { origin, ...others } = options;
    const Command = commands[operation] ?? (await adminCommand(service, operation));
    const command = new Command(origin === undefined ? input : withOrigin(input, origin));
    // A call without options is the cheaper one.
    return others.abortSignal === undefined && others.requestTimeout === undefined
      ? client.send(command)
      : client.send(command, others);
  };
  return call as Call;
}

async function adminCommand(service: ServiceName, operation: string): Promise<CommandClasses[string]> {
  const { adminCommands } = await import('./clients/admin.ts');
  return (adminCommands[service] as unknown as CommandClasses)[operation]!;
}

const COMMANDS: { [S in ServiceName]: () => Promise<object> } = {
  sqs: async () => (await import('./clients/sqs.ts')).sqsCommands,
  sns: async () => (await import('./clients/sns.ts')).snsCommands,
  dynamodb: async () => (await import('./clients/dynamodb.ts')).dynamodbCommands,
  s3: async () => (await import('./clients/s3.ts')).s3Commands,
  cloudwatch: async () => (await import('./clients/cloudwatch.ts')).cloudwatchCommands,
  logs: async () => (await import('./clients/logs.ts')).logsCommands,
};
