import type { OperationModel, ServiceModel, Shape } from '../../src/emulator/models/model.ts';
import { escapeXml } from '../../src/emulator/protocols/xml-write.ts';
import { encode, type FuzzRequest, isoTime } from './encode.ts';

type Built = Omit<FuzzRequest, 'label'>;

/** A request of S3: members of the input go to path, query, headers and body as the model says. */
export function restRequest(
  model: ServiceModel,
  operation: OperationModel,
  input: Record<string, unknown>,
  headers: Record<string, string>,
): Built {
  const { method, requestUri } = operation.http;
  const shape = operation.input === undefined ? undefined : model.shape(operation.input);
  const query: string[] = [];
  const made: Built = { method, url: '', headers: { ...headers }, body: Buffer.alloc(0) };
  let path = requestUri;
  for (const [name, value] of Object.entries(input)) {
    const member = Object.hasOwn(shape?.members ?? {}, name) ? shape!.members![name]! : undefined;
    if (value === undefined || member === undefined) continue;
    const wireName = member.locationName ?? name;
    const text = textOf(model.shape(member.shape), value);
    if (member.location === 'uri') path = path.replace(new RegExp(`\\{${wireName}\\+?\\}`), () => encodePath(text));
    else if (member.location === 'querystring') query.push(`${encode(wireName)}=${encode(text)}`);
    else if (member.location === 'header') made.headers[wireName.toLowerCase()] = headerText(text);
    else if (member.location === 'headers') addMetadata(made.headers, wireName, value);
    else if (shape!.payload === name) made.body = payload(model, member.shape, wireName, value);
  }
  // What the input lacks leaves a hole in the path.
  path = path.replaceAll(/\{[^}]*\}/g, '');
  made.url = query.length === 0 ? path : `${path}${path.includes('?') ? '&' : '?'}${query.join('&')}`;
  return operation.name === 'PostObject' ? formOf(made, headers, input.Key) : made;
}

/** PostObject: what would be headers are fields of a form before the file. */
function formOf(made: Built, headers: Record<string, string>, key: unknown): Built {
  const fields = Object.entries({ key: String(key), ...made.headers }).filter(([name]) => !(name in headers));
  const part = (name: string, value: string) =>
    `--fuzz\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const before = fields.map(([name, value]) => part(name, value)).join('');
  const file = '--fuzz\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n';
  const body = Buffer.concat([Buffer.from(before + file), made.body, Buffer.from('\r\n--fuzz--\r\n')]);
  return { ...made, body, headers: { ...headers, 'content-type': 'multipart/form-data; boundary=fuzz' } };
}

const encodePath = (text: string) => encode(text).replaceAll('%2F', '/');

/** Control characters would end the header; what is not Latin-1 goes as UTF-8 bytes. */
const headerText = (text: string) =>
  Buffer.from(text.replaceAll(/[\u0000-\u001f\u007f]/g, ' '))
    .toString('latin1')
    .slice(0, 4000);

function addMetadata(headers: Record<string, string>, prefix: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inside] of Object.entries(value)) {
    const name = `${prefix}${key}`.toLowerCase();
    if (/^[a-z0-9_-]+$/.test(name))
      headers[name] = headerText(typeof inside === 'object' ? JSON.stringify(inside) : String(inside));
  }
}

function textOf(shape: Shape, value: unknown): string {
  if (shape.type === 'timestamp' && typeof value === 'number') return isoTime(value);
  return typeof value === 'object' ? (JSON.stringify(value) ?? '') : String(value);
}

function payload(model: ServiceModel, shapeName: string, root: string, value: unknown): Buffer {
  if (value instanceof Uint8Array) return Buffer.from(value);
  const shape = model.shape(shapeName);
  if (shape.type === 'structure') return Buffer.from(element(model, shapeName, root, value));
  return Buffer.from(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
}

function element(model: ServiceModel, shapeName: string | undefined, name: string, value: unknown): string {
  const tag = /^[A-Za-z_:][\w.:-]*$/.test(name) ? name : 'Odd';
  const shape = shapeName === undefined ? undefined : model.shapes.get(shapeName);
  if (Array.isArray(value)) {
    const inner = shape?.member;
    const wrapped = value.map((one) =>
      element(model, inner?.shape, shape?.flattened ? name : (inner?.locationName ?? 'member'), one),
    );
    return shape?.flattened ? wrapped.join('') : `<${tag}>${wrapped.join('')}</${tag}>`;
  }
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    const inner = Object.entries(value).map(([key, inside]) => {
      const member = Object.hasOwn(shape?.members ?? {}, key) ? shape!.members![key]! : undefined;
      return element(model, member?.shape, member?.locationName ?? key, inside);
    });
    return `<${tag}>${inner.join('')}</${tag}>`;
  }
  const text = shape === undefined ? String(value) : textOf(shape, value);
  return `<${tag}>${escapeXml(text)}</${tag}>`;
}
