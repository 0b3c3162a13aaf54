import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { systemTime } from '../core/host.ts';
import { remembering } from '../core/remembering.ts';
import type { EmulatorResponse } from '../protocols/wire.ts';

/** Bodies up to this size go out with their head, as one piece of memory. */
const ONE_PIECE = 64 * 1024;

const isName = remembering((name) => /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name));
const SENDABLE = /^[\t\x20-\x7e\x80-\xff]*$/;

export interface Answering {
  /** Of the request: HEAD gets no body. */
  method: string;
  /** Whether the connection goes with this answer. */
  last: boolean;
  keepAliveMs: number;
}

/** Writes an answer, mostly as a single piece; false when the client has to read first. */
export function writeResponse(socket: Socket, response: EmulatorResponse, answering: Answering): boolean {
  const { status, body } = response;
  const bodiless = answering.method === 'HEAD' || status === 204 || status === 304;
  const length = bodiless ? undefined : Buffer.byteLength(body);
  const head = headOf(response, length, answering);
  if (length === undefined || length === 0) return socket.write(head, 'latin1');
  // As many bytes as characters: ASCII, which is Latin-1 as well as UTF-8.
  if (length === body.length && typeof body === 'string') return socket.write(head + body, 'latin1');
  if (length > ONE_PIECE) {
    socket.cork();
    socket.write(head, 'latin1');
    const drained = socket.write(body);
    socket.uncork();
    return drained;
  }
  const whole = Buffer.allocUnsafe(head.length + length);
  whole.write(head, 'latin1');
  if (typeof body === 'string') whole.write(body, head.length);
  else whole.set(body, head.length);
  return socket.write(whole);
}

function headOf({ status, headers }: EmulatorResponse, length: number | undefined, answering: Answering): string {
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}\r\n`;
  for (const name in headers) {
    if (name === 'content-length' && length !== undefined) continue;
    const value = headerValue(name, headers[name]!);
    if (value !== undefined) head += `${name}: ${value}\r\n`;
  }
  if (length !== undefined) head += `content-length: ${length}\r\n`;
  const keepAlive = answering.last
    ? 'Connection: close'
    : `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(answering.keepAliveMs / 1000)}`;
  return `${head}Date: ${date()}\r\n${keepAlive}\r\n\r\n`;
}

/**
 * What an in-process client could set and HTTP cannot carry: of a value, its UTF-8 bytes can be sent; a header whose name
 * cannot be sent has no value.
 */
export function headerValue(name: string, value: string): string | undefined {
  if (!isName(name)) return undefined;
  if (SENDABLE.test(value)) return value;
  return Buffer.from(value.replace(/[\u0000-\u001f\u007f]/g, ' '), 'utf8').toString('latin1');
}

let dated = { second: Number.NaN, text: '' };

/** Clients measure their clock by it, so it is the machine's time, whatever the engine's clock shows. */
function date(): string {
  const second = Math.floor(systemTime.now() / 1000);
  if (second !== dated.second) dated = { second, text: new Date(second * 1000).toUTCString() };
  return dated.text;
}
