import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface Exchange {
  method: string;
  url: string;
  status: number;
}

/** Stands before a server and notes every request that a browser sends it, and how it was answered. */
export class Relay {
  readonly seen: Exchange[] = [];
  readonly port: number;
  readonly #server: ReturnType<typeof createServer>;
  readonly #sockets = new Set<Socket>();
  #awaited: { isIt: (exchange: Exchange) => boolean; resolve: (exchange: Exchange) => void }[] = [];

  private constructor(target: number) {
    this.#server = createServer((client) => this.#relay(client, connect({ port: target, host: '127.0.0.1' })));
    this.port = 0;
  }

  static async before(target: number): Promise<Relay> {
    const relay = new Relay(target);
    relay.#server.listen(0, '127.0.0.1');
    await once(relay.#server, 'listening');
    return Object.assign(relay, { port: (relay.#server.address() as AddressInfo).port });
  }

  /** The first exchange from now on whose path and query begin so. */
  next(beginning: string): Promise<Exchange> {
    return new Promise((resolve) => {
      this.#awaited.push({ isIt: ({ url }) => url.startsWith(beginning), resolve });
    });
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #relay(client: Socket, target: Socket): void {
    const requests: [method: string, url: string][] = [];
    for (const socket of [client, target]) {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#sockets.delete(socket);
        (socket === client ? target : client).destroy();
      });
    }
    // Heads are small and come in one piece.
    client.on('data', (chunk) => {
      for (const [, method, url] of chunk.toString('latin1').matchAll(/^([A-Z]+) (\/\S*) HTTP\/1\.1\r$/gm))
        requests.push([method!, url!]);
      target.write(chunk);
    });
    target.on('data', (chunk) => {
      client.write(chunk);
      for (const [, status] of chunk.toString('latin1').matchAll(/^HTTP\/1\.1 (\d+) /gm)) {
        const [method, url] = requests.shift()!;
        this.#note({ method, url, status: Number(status) });
      }
    });
  }

  #note(exchange: Exchange): void {
    this.seen.push(exchange);
    const rest = this.#awaited.filter(({ isIt }) => !isIt(exchange));
    for (const { isIt, resolve } of this.#awaited) if (isIt(exchange)) resolve(exchange);
    this.#awaited = rest;
  }
}
