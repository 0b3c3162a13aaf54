import { Agent, type IncomingMessage, type RequestOptions, request, type ServerResponse } from 'node:http';

export interface Destination {
  /** Scheme, host and port. */
  origin: URL;
  /** Path and query. */
  path: string;
}

/** Of one connection alone (RFC 9110, 7.6.1), and what a client says to its proxy. */
const HOP_BY_HOP = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'proxy-authorization', 'proxy-authenticate', 'te', 'upgrade'],
  // Answered by the server here already.
  'expect',
]);

/** Passes requests on, each with its body as it comes, and the answers back. */
export class Forwarder {
  readonly #agent = new Agent({ keepAlive: true });

  async forward(incoming: IncomingMessage, response: ServerResponse, { origin, path }: Destination): Promise<void> {
    const isSecure = origin.protocol === 'https:';
    const send = isSecure ? (await import('node:https')).request : request;
    const headers = ['host', origin.host, ...passedOn(incoming.rawHeaders, 'host')];
    const options: RequestOptions = { method: incoming.method!, path, ...(!isSecure && { agent: this.#agent }) };
    const outgoing = send(origin, { ...options, headers });
    outgoing.on('response', (answer) => {
      response.writeHead(answer.statusCode!, answer.statusMessage, passedOn(answer.rawHeaders));
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    });
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      if (response.headersSent) return void response.destroy();
      response.writeHead(502, { 'content-type': 'text/plain; charset=utf-8' });
      response.end(`cliffracer: the engine at ${origin.origin} does not answer (${error.code ?? error.message})\n`);
    });
    // A client that goes away must not take a message of its long poll with it.
    response.on('close', () => {
      if (!response.writableFinished) outgoing.destroy();
    });
    incoming.pipe(outgoing);
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** Names and values in turn, as they came. */
function passedOn(raw: readonly string[], ...others: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at]!.toLowerCase();
    if (!HOP_BY_HOP.has(name) && !others.includes(name)) kept.push(raw[at]!, raw[at + 1]!);
  }
  return kept;
}
