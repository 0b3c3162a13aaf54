/** OTLP/JSON: ids in hex, times in nanoseconds as decimal strings, enums as numbers (OpenTelemetry Protocol, JSON Protobuf Encoding). */
export interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: OtlpAttribute[];
  links: { traceId: string; spanId: string }[];
  status?: { code: number; message: string };
}

/** A span and the program that it is of. */
export interface ProgramSpan {
  program: string;
  span: OtlpSpan;
}

export interface OtlpAttribute {
  key: string;
  value: { stringValue: string } | { intValue: string };
}

/** `ExportTraceServiceRequest`. */
export interface OtlpRequest {
  resourceSpans: {
    resource: { attributes: OtlpAttribute[] };
    scopeSpans: { scope: { name: string }; spans: OtlpSpan[] }[];
  }[];
}

export const SPAN_KINDS = { client: 3, producer: 4, consumer: 5 } as const;
export const STATUS_ERROR = 2;

export const attributes = (values: Record<string, string | number>): OtlpAttribute[] =>
  Object.entries(values).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
  }));

/** One resource a program, in the order in which they appear. */
export function otlpRequest(spans: readonly ProgramSpan[]): OtlpRequest {
  const byProgram = new Map<string, OtlpSpan[]>();
  for (const { program, span } of spans) {
    const known = byProgram.get(program);
    if (known === undefined) byProgram.set(program, [span]);
    else known.push(span);
  }
  return {
    resourceSpans: [...byProgram].map(([program, own]) => ({
      resource: { attributes: attributes({ 'service.name': program, 'cloud.provider': 'aws' }) },
      scopeSpans: [{ scope: { name: 'cliffracer' }, spans: own }],
    })),
  };
}
