import { callRecorder } from '../calls/recorder.ts';
import type { Engine } from '../core/engine.ts';
import { AwsError } from '../core/errors.ts';
import { nextUuid } from '../core/random.ts';
import type { ServiceId } from '../core/types.ts';
import { loadModel, type ProtocolName, type ServiceModel } from '../models/model.ts';
import { cborProtocol } from './cbor.ts';
import { encodedAnswer, plainRequest } from './compression.ts';
import { identify, type Target } from './identify.ts';
import { jsonProtocol } from './json.ts';
import { queryProtocol } from './query.ts';
import { restXmlProtocol } from './rest-xml.ts';
import { callerScope } from './scope.ts';
import { unknownService, withoutService } from './unknown-service.ts';
import { type Validate, validator } from './validation/validate.ts';
import type { EmulatorRequest, EmulatorResponse, Exchange, Protocol, ProtocolFactory } from './wire.ts';

/** Where an error of the engine itself came up. */
export interface ErrorPlace {
  service: string;
  operation: string | undefined;
  requestId: string;
}

export type OnError = (error: unknown, place: ErrorPlace) => void;

interface Prepared {
  model: ServiceModel;
  validate: Validate;
  protocols: Map<ProtocolName, Protocol>;
}

const FACTORIES: Record<ProtocolName, ProtocolFactory> = {
  json: jsonProtocol,
  query: queryProtocol,
  cbor: cborProtocol,
  'rest-xml': restXmlProtocol,
};

/** Answers AWS requests with an engine: finds service and protocol, decodes, validates, calls, encodes. */
export function dispatcher(engine: Engine, options: { seed: number; onError: OnError }) {
  const prepared = new Map<ServiceId, Prepared>();
  // Ids of requests come from a source of their own: drawing them from the engine's would change what it does next.
  const ids = { random: options.seed };
  const recorder = callRecorder(engine);

  async function prepare(service: ServiceId): Promise<Prepared> {
    const model = await loadModel(service);
    const made = prepared.get(service) ?? { model, validate: validator(model), protocols: new Map() };
    prepared.set(service, made);
    return made;
  }

  return async function dispatch(request: EmulatorRequest): Promise<EmulatorResponse> {
    const exchange: Exchange = { request, requestId: nextUuid(ids) };
    const scope = callerScope(request);
    const target = identify(request, scope.signedFor);
    if ('action' in target) return withoutService(target.action, exchange);
    if ('unknown' in target || !engine.services.has(target.service)) {
      return unknownService('unknown' in target ? target.unknown : target.service, exchange);
    }
    const service = prepared.get(target.service) ?? (await prepare(target.service));
    const protocol = protocolOf(service, target);
    const entry = recorder.begin(request, scope, target.service);
    let operation: string | undefined;
    let plain = request;
    try {
      plain = target.protocol === 'rest-xml' ? request : plainRequest(request, target.service);
      const decoded = protocol.decode(plain);
      operation = decoded.operation.name;
      if (entry !== undefined) recorder.decoded(entry, protocol, decoded);
      service.validate(decoded.operation, decoded.input);
      const { account, region } = decoded.scope ?? scope;
      const running = engine.run({
        service: target.service,
        operation,
        input: decoded.input,
        account,
        region,
        endpoint: endpointOf(request),
        client: request,
        traceHeader: traceHeader(request),
        log: entry,
      });
      // Most operations do not wait, and an `await` has its price.
      const output = running instanceof Promise ? await running : running;
      const response = protocol.encode(decoded.operation, output, exchange);
      if (entry !== undefined) recorder.end(entry, plain, response);
      return target.service === 'dynamodb' ? encodedAnswer(response, request.headers['accept-encoding']) : response;
    } catch (error) {
      const refusal = asAwsError(error, { ...exchange, service: target.service, operation });
      const response = protocol.encodeError(refusal, exchange);
      if (entry !== undefined) recorder.end(entry, plain, response, refusal);
      return response;
    }
  };

  function asAwsError(error: unknown, place: ErrorPlace): AwsError {
    if (error instanceof AwsError) return error;
    options.onError(error, { service: place.service, operation: place.operation, requestId: place.requestId });
    return new AwsError('InternalFailure', 'The engine failed while it processed the request; its log says where.');
  }
}

/** How its client names the engine. */
const endpointOf = ({ secure, headers }: EmulatorRequest) =>
  `${secure ? 'https' : 'http'}://${headers.host ?? '127.0.0.1:4566'}`;

/** A header as X-Ray writes it; anything else in its place is left out. */
function traceHeader(request: EmulatorRequest): string | undefined {
  const header = request.headers['x-amzn-trace-id'];
  return header !== undefined && /^[ -~]{1,1024}$/.test(header) ? header : undefined;
}

function protocolOf(service: Prepared, target: Target): Protocol {
  let protocol = service.protocols.get(target.protocol);
  if (protocol === undefined) {
    protocol = FACTORIES[target.protocol](service.model);
    service.protocols.set(target.protocol, protocol);
  }
  return protocol;
}
