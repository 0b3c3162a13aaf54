import type { Call, CallOptions, ServiceName } from './call.ts';
import { SERVICE_TITLES, translate } from './errors.ts';
import type { Target } from './target.ts';

/** Runs an operation of the embedded engine, with inputs and outputs as its service models have them. */
export type EngineOperation = (
  service: ServiceName,
  operation: string,
  input: object,
  options?: CallOptions,
) => Promise<unknown>;

/** An error of the engine: `code` and `fields` as AWS reports them. */
interface EngineError extends Error {
  code: string;
  status?: number;
  fields?: Record<string, unknown>;
}

/** Codes of Node's own that begin with ERR_ are faults of this program. */
const isEngineError = (error: unknown): error is EngineError =>
  error instanceof Error && /^(?!ERR_)./.test(String((error as Partial<EngineError>).code ?? ''));

/** What became of the request on its way: the caller ended it, or no engine answered. */
const isOfTransport = (error: unknown): error is Error =>
  error instanceof Error && (error.name === 'AbortError' || '$response' in error);

/** Calls of the ports as operations of the embedded engine, without the SDK, with errors as its errors are translated. */
export function engineCall(engine: EngineOperation, target: Target): Call {
  const call = async (service: ServiceName, operation: string, input: object, options?: CallOptions) => {
    const given = TO_ENGINE[operation]?.(input as never) ?? input;
    try {
      const output = await engine(service, operation, given, options);
      return FROM_ENGINE[operation]?.(output as never) ?? output;
    } catch (error) {
      const where = { service: SERVICE_TITLES[service], operation, input, target };
      if (isOfTransport(error)) throw translate(error, where);
      if (isEngineError(error)) throw translate(asSdk(error), where);
      throw error;
    }
  };
  return call as Call;
}

function asSdk(error: EngineError): Error {
  const { code, status = /^Internal/.test(code) ? 500 : 400, fields } = error;
  return Object.assign(error, fields, { name: code, $metadata: { httpStatusCode: status } });
}

const seconds = (time: Date | undefined) => time && time.getTime() / 1_000;
const date = (time: number | undefined) => (time === undefined ? undefined : new Date(time * 1_000));

interface Timed {
  Timestamp?: Date;
}

/** The engine has times as seconds, where the SDK has dates; and the SDK fills in the length of a body. */
const TO_ENGINE: Readonly<Record<string, (input: never) => object>> = {
  PutMetricData: (input: { MetricData: Timed[] }) => ({
    ...input,
    MetricData: input.MetricData.map((each) => ({ ...each, Timestamp: seconds(each.Timestamp) })),
  }),
  GetMetricStatistics: (input: { StartTime: Date; EndTime: Date }) => ({
    ...{ ...input, StartTime: seconds(input.StartTime), EndTime: seconds(input.EndTime) },
  }),
  PutObject: (input: { Body: Uint8Array }) => ({ ...input, ContentLength: input.Body.length }),
};

const FROM_ENGINE: Readonly<Record<string, (output: never) => object>> = {
  GetMetricStatistics: (output: { Datapoints?: { Timestamp: number }[] }) => ({
    Datapoints: output.Datapoints?.map((each) => ({ ...each, Timestamp: date(each.Timestamp) })),
  }),
  GetObject: (output: { Body?: Uint8Array; Metadata?: Record<string, string> | Map<string, string> }) => ({
    ...output,
    Body: { transformToString: async () => Buffer.from(output.Body ?? '').toString() },
    Metadata: output.Metadata instanceof Map ? Object.fromEntries(output.Metadata) : output.Metadata,
  }),
  ListObjectsV2: (output: { Contents?: { LastModified: number }[] }) => ({
    ...output,
    Contents: output.Contents?.map((each) => ({ ...each, LastModified: date(each.LastModified) })),
  }),
};
