import { AwsError } from '../core/errors.ts';
import type { ServiceModel } from '../models/model.ts';
import { resolveError, type WireError } from './errors.ts';
import { unknownOperation } from './json.ts';
import { formText, newNode, type ParamNode, readParams } from './query-params.ts';
import { queryReader } from './query-read.ts';
import { toIso8601 } from './timestamps.ts';
import type { EmulatorRequest, EmulatorResponse, Exchange, Protocol } from './wire.ts';
import { xmlWriter } from './xml-shapes.ts';
import { escapeErrorText, readable, XML_DECLARATION } from './xml-write.ts';

/**
 * The Query protocol: parameters of a form (or a URL), answers in XML. SNS and STS speak nothing else; SQS and
 * CloudWatch did before, and clients of that time still do.
 */
export function queryProtocol(model: ServiceModel): Protocol {
  const read = queryReader(model);
  const write = xmlWriter(model, {
    member: (name, member, target) =>
      (target.flattened && target.type === 'list' ? target.member?.queryName : undefined) ?? member.queryName ?? name,
    element: (list) => list.member?.locationName ?? 'member',
    entry: ({ key, value }) => ({
      key: key?.queryName ?? key?.locationName ?? 'key',
      value: value?.queryName ?? value?.locationName ?? 'value',
    }),
    timestamp: toIso8601,
  });
  const namespace = ` xmlns="${model.metadata.xmlNamespace}"`;

  return {
    name: 'query',
    decode(request) {
      const root = paramsOf(request);
      const name = root.children?.get('Action')?.value ?? '';
      if (name === '') throw missingAction(model.id);
      const operation = model.operations.get(name);
      if (operation === undefined) throw model.id === 'sqs' ? invalidAction(name) : unknownOperation(name);
      const input = operation.input === undefined ? {} : read(operation.input, root);
      if (model.id === 'sqs') {
        addQueueUrl(request, name, input);
        // A list without entries leaves no trace in a form.
        if (name.endsWith('Batch')) input.Entries ??= [];
      }
      return { operation, input };
    },
    encode(operation, output, exchange) {
      const result =
        operation.output === undefined
          ? ''
          : `<${operation.name}Result>${write(operation.output, output ?? {})}</${operation.name}Result>`;
      const metadata = `<ResponseMetadata><RequestId>${exchange.requestId}</RequestId></ResponseMetadata>`;
      const root = `${operation.name}Response`;
      return respond(200, `${XML_DECLARATION}<${root}${namespace}>${result}${metadata}</${root}>\n`, exchange);
    },
    encodeError(error, exchange) {
      const wire = resolveError(model, error);
      if (wire.status === 404 && wire.message === '') return respond(404, `<${wire.name}/>\n`, exchange);
      const more = wire.shape === undefined ? '' : write(wire.name, withoutMessage(wire));
      const body =
        `${XML_DECLARATION}<ErrorResponse${namespace}><Error><Type>${wire.sender ? 'Sender' : 'Receiver'}</Type>` +
        `<Code>${escapeErrorText(wire.code)}</Code><Message>${escapeErrorText(messageOf(wire))}</Message>${more}</Error>` +
        `<RequestId>${exchange.requestId}</RequestId></ErrorResponse>\n`;
      return respond(wire.status, body, exchange);
    },
  };
}

/** Of a queue that is not there SQS still says in Query which of its interfaces was asked. */
const messageOf = ({ name, message }: WireError) =>
  name === 'QueueDoesNotExist' ? 'The specified queue does not exist for this wsdl version.' : message;

/** SQS answers with no more than an element of that name. */
function missingAction(service: string): AwsError {
  return service === 'sqs'
    ? new AwsError('UnknownOperationException', '', { status: 404 })
    : new AwsError('MissingAction', 'The request has no Action.', { status: 400 });
}

function withoutMessage({ fields }: WireError): Record<string, unknown> {
  const kept = Object.entries({ ...fields, message: undefined, Message: undefined });
  return Object.fromEntries(kept.map(([name, value]) => [name, typeof value === 'string' ? readable(value) : value]));
}

function respond(status: number, body: string, { requestId }: Exchange): EmulatorResponse {
  return { status, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }, body };
}

function paramsOf(request: EmulatorRequest): ParamNode {
  const root = newNode();
  const search = request.url.indexOf('?');
  if (search >= 0) readParams(request.url.slice(search + 1).replaceAll('+', ' '), root);
  if (request.method === 'POST') readParams(formText(request.body), root);
  return root;
}

const invalidAction = (action: string) =>
  new AwsError('InvalidAction', `The action ${action} is not valid for this endpoint.`, { status: 400 });

const OF_NO_QUEUE = new Set(['CreateQueue', 'ListQueues']);

/** Clients of the Query protocol name the queue by the path they send to, more often than by the parameter. */
function addQueueUrl(request: EmulatorRequest, action: string, input: Record<string, unknown>): void {
  const path = request.url.split('?', 1)[0]!;
  if (!/^\/[^/]+\/[^/]+$/.test(path)) return;
  if (OF_NO_QUEUE.has(action)) {
    throw invalidAction(action);
  }
  input.QueueUrl ??= `http://${request.headers.host ?? '127.0.0.1'}${path}`;
}
