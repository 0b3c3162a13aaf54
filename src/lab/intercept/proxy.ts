import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import type { Authority } from '../../certificates/authority.ts';
import { Forwarder } from './forward.ts';
import {
  bucketOf,
  type HostAndPort,
  HTTP_PORT,
  HTTPS_PORT,
  isAwsHost,
  isLoopbackHost,
  isTakenByEngine,
  parseAuthority,
} from './hosts.ts';
import { REFUSAL, UNANSWERED_HEADER } from './refusal.ts';

export interface ProxyOptions {
  /** Of the engine: scheme, host and port. */
  endpoint: string;
  authority: Authority;
  /** Told of every host that is refused, each time; `target` is what the client wrote. */
  onRefused(target: string): void;
}

const REFUSED = `cliffracer refuses this: ${REFUSAL}\n`;
const ESTABLISHED = 'HTTP/1.1 200 Connection established\r\n\r\n';
/** Hosts whose certificate is kept: a program asks for few, and none may fill the memory. */
const MOST_HOSTS = 500;
/** As the engine keeps connections. */
const KEEP_ALIVE_MS = 65_000;

/**
 * An HTTP proxy on a loopback port. What is for a host of AWS goes to the engine, after CONNECT over TLS with a certificate
 * for that host; what is for this machine goes there; all else is refused. Which host a request is for is decided by CONNECT
 * or the URL, and the Host header inside must be one of AWS too.
 */
export class InterceptingProxy {
  readonly #server: Server;
  readonly #engine: URL;
  readonly #options: ProxyOptions;
  readonly #forwarder = new Forwarder();
  readonly #contexts = new Map<string, SecureContext>();
  /** Connections that lead to AWS, as their client sees it. */
  readonly #tunnels = new WeakSet<object>();
  readonly #sockets = new Set<Duplex>();

  private constructor(options: ProxyOptions) {
    this.#options = options;
    this.#engine = new URL(options.endpoint);
    this.#server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, noDelay: true });
    this.#server.on('request', (request, response) => this.#request(request, response));
    this.#server.on('connect', (request, socket: Socket, head) => this.#connect(request, socket, head));
    this.#server.on('connection', (socket: Socket) => this.#track(socket));
  }

  static async listen(options: ProxyOptions): Promise<InterceptingProxy> {
    const proxy = new InterceptingProxy(options);
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once('error', reject);
      proxy.#server.listen({ port: 0, host: '127.0.0.1', exclusive: true }, resolve);
    });
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    this.#forwarder.close();
  }

  #track(socket: Duplex): void {
    this.#sockets.add(socket);
    // An error is followed by the close.
    socket.on('error', () => {});
    socket.on('close', () => this.#sockets.delete(socket));
  }

  #isLocal({ host }: HostAndPort): boolean {
    return isLoopbackHost(host) || host === this.#engine.hostname;
  }

  #connect(request: IncomingMessage, socket: Socket, head: Buffer): void {
    // In a tunnel there is nobody to connect to.
    const target = this.#tunnels.has(request.socket) ? undefined : parseAuthority(request.url!);
    const unanswered = request.headers[UNANSWERED_HEADER];
    if (target !== undefined && isTakenByEngine(target)) {
      if (unanswered === undefined) socket.write(ESTABLISHED);
      socket.unshift(head);
      this.#serve(target, socket);
    } else if (target !== undefined && this.#isLocal(target)) this.#pass(target, socket, head);
    else {
      this.#options.onRefused(request.url!);
      // What is no TLS would only confuse a client that has begun with it.
      if (unanswered === 'tls') socket.destroy();
      else socket.end(`HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n${REFUSED}`);
    }
  }

  #serve({ host, port }: HostAndPort, socket: Socket): void {
    const client = port === HTTPS_PORT ? this.#secure(host, socket) : socket;
    this.#tunnels.add(client);
    this.#server.emit('connection', client);
  }

  /** To a port of this machine, unseen. */
  #pass({ host, port }: HostAndPort, socket: Socket, head: Buffer): void {
    const other = connect({ host, port });
    this.#track(other);
    other.once('connect', () => {
      socket.write(ESTABLISHED);
      other.write(head);
      socket.pipe(other).pipe(socket);
    });
    other.once('error', () => socket.end('HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\n\r\n'));
    other.once('close', () => socket.destroy());
    socket.once('close', () => other.destroy());
  }

  #secure(host: string, socket: Socket): TLSSocket {
    let context = this.#contexts.get(host);
    if (context === undefined) {
      context = createSecureContext(this.#options.authority.issue([host]));
      if (this.#contexts.size >= MOST_HOSTS) this.#contexts.clear();
      this.#contexts.set(host, context);
    }
    const secured = new TLSSocket(socket, { isServer: true, secureContext: context, ALPNProtocols: ['http/1.1'] });
    secured.on('_tlsError', () => socket.destroy());
    return secured;
  }

  #request(request: IncomingMessage, response: ServerResponse): void {
    if (this.#tunnels.has(request.socket)) this.#requestInTunnel(request, response);
    else this.#requestToProxy(request, response);
  }

  #requestInTunnel(request: IncomingMessage, response: ServerResponse): void {
    const { host = '' } = request.headers;
    const target = parseAuthority(host, HTTPS_PORT);
    if (request.url!.startsWith('/') && target !== undefined && isAwsHost(target.host)) {
      this.#toEngine(request, response, target.host, request.url!);
    } else respond(response, 421, `cliffracer: the host ${JSON.stringify(host)} is not of AWS\n`);
  }

  /** Without TLS a proxy is sent the whole URL. */
  #requestToProxy(request: IncomingMessage, response: ServerResponse): void {
    const [, authority = '', rest = ''] = /^http:\/\/([^/?#]+)([^#]*)$/i.exec(request.url!) ?? [];
    const target = parseAuthority(authority, HTTP_PORT);
    const path = rest.startsWith('/') ? rest : `/${rest}`;
    if (authority === '') respond(response, 400, 'this is the proxy of cliffracer exec --intercept\n');
    else if (target !== undefined && isAwsHost(target.host)) this.#toEngine(request, response, target.host, path);
    else if (target !== undefined && this.#isLocal(target)) {
      void this.#forwarder.forward(request, response, { origin: originOf(target), path });
    } else {
      this.#options.onRefused(authority);
      respond(response, 403, REFUSED);
    }
  }

  /** A bucket in the host goes into the path, as every engine takes it. */
  #toEngine(request: IncomingMessage, response: ServerResponse, host: string, path: string): void {
    const bucket = bucketOf(host);
    const whole = bucket === undefined ? path : `/${bucket}${path}`;
    void this.#forwarder.forward(request, response, { origin: this.#engine, path: whole });
  }
}

const originOf = ({ host, port }: HostAndPort) => new URL(`http://${host.includes(':') ? `[${host}]` : host}:${port}`);

function respond(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
  response.end(text);
}
