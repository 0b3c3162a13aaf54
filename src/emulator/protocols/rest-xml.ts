import { AwsError } from '../core/errors.ts';
import type { OperationModel, ServiceModel } from '../models/model.ts';
import { MAX_OBJECT_BYTES } from './bodies.ts';
import { formHeaders, formKey, formOf, formScope } from './post-form.ts';
import { type Address, addressOf } from './rest-address.ts';
import { restErrorWriter } from './rest-errors.ts';
import { documentTooLong, malformedXml, restReader } from './rest-request.ts';
import { restWriter } from './rest-response.ts';
import { routeFinder } from './rest-route.ts';
import type { Decoded, EmulatorRequest, Protocol } from './wire.ts';
import { XmlSyntaxError } from './xml-parse.ts';

/**
 * REST/XML, the protocol of S3, driven by the model: method, path and query find the operation; path, query, headers
 * and body fill its input. What S3's operations and this codec agree on, beyond the model:
 *
 * Input, besides the model's members (only there when they mean something):
 * - `Body` and other blob payloads are Buffers, already free of `aws-chunked`; trailers are read like headers, so a
 *   trailing checksum is found in `ChecksumCRC32` and its like. Nothing is verified here.
 * - `ContentLength` is the decoded length, `ContentEncoding` what is left without `aws-chunked`.
 * - `$document: { body: Buffer; headers }` is a document payload (XML, JSON) as it came, for the check of its digest.
 * - `$presigned: { signedAt: number; expires: number }` (seconds since the epoch; seconds) for a presigned URL.
 * - `$form: { name: string; value: string }[]` for PostObject: the fields of a form, whose file is `Body`.
 *
 * Output, besides the model's members:
 * - `$status: number` replaces the status (206, 304), which is else the model's (200, or 204). A 304 and an answer to
 *   HEAD have no body, whatever `Body` is; HEAD keeps `ContentLength`.
 * - `$headers: Record<string, string>` adds headers that the model does not know.
 * - `$document: { root: string; elements: Record<string, string> }` is a body that the model does not know.
 *
 * Errors: `new AwsError('NoSuchKey', message, { status: 404, fields: { Key: 'x' } })`; fields become elements of the
 * error document (`<Key>`), `fields.$headers` headers of the response. The status may be left out for S3's
 * well-known codes.
 */
export function restXmlProtocol(model: ServiceModel): Protocol {
  const find = routeFinder(model);
  const read = restReader(model);
  const write = restWriter(model);
  const headersOf = formHeaders(model);

  function decode(request: EmulatorRequest): Decoded {
    if (request.oversized || request.body.length > MAX_OBJECT_BYTES) throw tooLong(request);
    const address = addressOf(request);
    const route = find(request.method, address.kind, address.query, request.headers);
    if (route === undefined) {
      throw new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', {
        status: 405,
        fields: { Method: request.method, ResourceType: address.kind.toUpperCase() },
      });
    }
    if (route.operation === undefined) throw notImplemented(route.name);
    if (route.name === 'PostObject') return decodeForm(route.operation, request, address);
    return { operation: route.operation, input: read(route.operation, request, address) };
  }

  function decodeForm(operation: OperationModel, request: EmulatorRequest, address: Address): Decoded {
    const form = formOf(request);
    const object = { ...address, kind: 'object' as const, key: formKey(form) };
    const input = read(operation, { ...request, headers: headersOf(form), body: form.file.content }, object);
    input.$form = form.fields;
    return { operation, input, scope: formScope(form) };
  }

  return {
    name: 'rest-xml',
    decode(request) {
      try {
        return decode(request);
      } catch (error) {
        throw error instanceof XmlSyntaxError ? malformedXml(error) : error;
      }
    },
    encode: (operation, output, exchange) => write(operation, (output ?? {}) as Record<string, unknown>, exchange),
    encodeError: restErrorWriter(model),
  };
}

function tooLong({ method }: EmulatorRequest): AwsError {
  return method === 'PUT'
    ? new AwsError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed object size.')
    : documentTooLong();
}

function notImplemented(name: string): AwsError {
  return new AwsError('NotImplemented', `${name} is not implemented by this engine.`, { status: 501 });
}
