import type { Socket } from 'node:net';
import { createSecureContext, type SecureContext, TLSSocket, type TLSSocketOptions } from 'node:tls';
import type { Authority } from '../../certificates/authority.ts';
import { systemTime } from '../core/host.ts';
import { Connection } from './connection.ts';
import { isOurHost } from './guard.ts';
import type { ServerState } from './server-state.ts';

/** The first byte of TLS: a record of type handshake (RFC 8446, 5.1). No HTTP begins with it. */
const HANDSHAKE = 0x16;
/** For clients that name no host, as those that call an address do. */
const USUAL_NAMES = ['localhost', '127.0.0.1', '::1', 'localhost.localstack.cloud'];
/** Hosts whose certificate is kept: any client can ask for any number of them. */
const MOST_HOSTS = 500;

/** Tells TLS from plain HTTP on one port. Clients of both get a Connection, with the same rules. */
export class SecureEntry {
  readonly #authority: Authority;
  readonly #state: ServerState;
  readonly #contexts = new Map<string, SecureContext>();
  readonly #options: TLSSocketOptions;

  constructor(authority: Authority, state: ServerState) {
    this.#authority = authority;
    this.#state = state;
    this.#options = {
      ...{ isServer: true, ALPNProtocols: ['http/1.1'] },
      secureContext: createSecureContext(authority.issue(USUAL_NAMES)),
      SNICallback: (name, answer) => answer(null, this.#contextOf(name.toLowerCase())),
    };
  }

  accept(socket: Socket): void {
    const { connections, limits } = this.#state;
    const close = () => void socket.destroy();
    const deadline = systemTime.now() + limits.headersTimeoutMs;
    const arrival = { close, destroy: close, checkTime: (now: number) => (now >= deadline ? close() : undefined) };
    connections.add(arrival);
    const gone = () => connections.delete(arrival);
    socket.once('close', gone);
    socket.once('end', close);
    socket.on('error', () => {});
    socket.once('data', (chunk: Buffer) => {
      gone();
      socket.off('close', gone);
      socket.off('end', close);
      socket.pause();
      socket.unshift(chunk);
      if (chunk[0] === HANDSHAKE) void new Connection(new TLSSocket(socket, this.#options), this.#state);
      else {
        void new Connection(socket, this.#state);
        socket.resume();
      }
    });
  }

  /** A wildcard would cover one label, and `*.localhost` none. Undefined for the usual one. */
  #contextOf(name: string): SecureContext | undefined {
    const known = this.#contexts.get(name);
    if (known !== undefined || !/localhost(\.localstack\.cloud)?$/.test(name) || !isOurHost(name)) return known;
    const made = createSecureContext(this.#authority.issue([name]));
    if (this.#contexts.size >= MOST_HOSTS) this.#contexts.clear();
    this.#contexts.set(name, made);
    return made;
  }
}
