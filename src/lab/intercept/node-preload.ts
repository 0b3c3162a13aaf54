/**
 * Loaded first by the Node.js programs of `exec --intercept`. Node.js before 24 heeds no HTTPS_PROXY, and the AWS SDKs for
 * JavaScript do in no version; so connections to hosts of AWS, and to the ports of HTTP, are led to the proxy here.
 */
import { syncBuiltinESMExports } from 'node:module';
import { connect, isIP, Socket } from 'node:net';
import tls from 'node:tls';
import { isAwsHost, isLoopbackHost, isTakenByEngine } from './hosts.ts';
import { REFUSAL, UNANSWERED_HEADER } from './refusal.ts';

interface Options {
  host?: string;
  port?: number | string;
  path?: string;
  socket?: unknown;
  servername?: string;
}

const { env } = process;
const proxyPort = Number(/^http:\/\/127\.0\.0\.1:(\d+)$/.exec(env.HTTPS_PROXY ?? '')?.[1]);
const direct = (env.NO_PROXY ?? '').split(',');
const WEB_PORTS = [80, 443];

function isTaken({ host = 'localhost', port, path, socket }: Options): boolean {
  const name = host.toLowerCase();
  if (path || socket || isLoopbackHost(name) || direct.includes(name)) return false;
  return WEB_PORTS.includes(Number(port)) || isAwsHost(name);
}

/** A connection to the proxy on which what is written next goes to the host. */
function begin<T extends Socket>(socket: T, { host, port }: Options, next: 'tls' | 'plain'): T {
  const authority = `${isIP(host!) === 6 ? `[${host}]` : host}:${port}`;
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${UNANSWERED_HEADER}: ${next}\r\n\r\n`);
  return socket;
}

/** Whatever error the end of a refused connection looks like, this is what it was. */
function explain<T extends Socket>(socket: T, { host, port }: Options): T {
  if (isTakenByEngine({ host: host!, port: Number(port) })) return socket;
  const destroy = socket.destroy.bind(socket);
  const refused = () => Object.assign(new Error(`${host}:${port} refused: ${REFUSAL}`), { code: 'ECONNREFUSED' });
  socket.destroy = (error) => destroy(error && refused());
  return socket;
}

/** As Node.js reads the arguments of `tls.connect`: options, or a port and then a host and options. */
function optionsOf(given: readonly unknown[]): Options {
  const objects = given.filter((each) => typeof each === 'object' && each !== null);
  const [first, second] = given;
  const named = typeof first === 'object' ? {} : { port: first, ...(typeof second === 'string' && { host: second }) };
  return Object.assign({}, named, ...objects) as Options;
}

if (proxyPort > 0) {
  const secureConnect = tls.connect as (...given: unknown[]) => tls.TLSSocket;
  const takingConnect: typeof secureConnect = (...given) => {
    const options = optionsOf(given);
    if (!isTaken(options)) return secureConnect(...given);
    const socket = begin(connect(proxyPort, '127.0.0.1'), options, 'tls');
    const name = options.servername ?? (isIP(options.host!) === 0 ? options.host : undefined);
    const callback = given.find((each) => typeof each === 'function');
    return explain(secureConnect({ ...options, socket, ...(name && { servername: name }) }, callback), options);
  };
  Object.assign(tls, { connect: takingConnect });

  const plainConnect = Socket.prototype.connect as (this: Socket, ...given: unknown[]) => Socket;
  Socket.prototype.connect = function (this: Socket, ...given: unknown[]) {
    // `net.connect` hands over a list that it has read already; a TLSSocket has been dealt with above.
    const list = Array.isArray(given[0]) ? (given[0] as unknown[]) : given;
    const options = optionsOf(list);
    if ('encrypted' in this || typeof list[0] === 'string' || !isTaken(options)) return plainConnect.apply(this, given);
    const callback = list.find((each) => typeof each === 'function');
    return begin(plainConnect.call(this, { host: '127.0.0.1', port: proxyPort }, callback), options, 'plain');
  } as typeof Socket.prototype.connect;
  syncBuiltinESMExports();
}
