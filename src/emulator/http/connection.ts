import type { Socket } from 'node:net';
import { systemTime } from '../core/host.ts';
import type { EmulatorResponse } from '../protocols/wire.ts';
import { bodyLimit } from './body-limit.ts';
import { refusal } from './guard.ts';
import { Incoming } from './incoming.ts';
import { RequestBody } from './request-body.ts';
import { LatestHead, parseHead, type RequestHead } from './request-head.ts';
import { RequestInHand } from './request-in-hand.ts';
import { GRACE_MS, type ServerState } from './server-state.ts';
import { writeResponse } from './write-response.ts';

/** What a client may send ahead of the answers, before it is read no further. */
const MOST_AHEAD = 64 * 1024;

/**
 * One client's connection: requests one after the other, each answered before the next is looked at. `head` and `body`
 * read a request, `busy` waits for its answer, `draining` for the client to read that; `over` takes nothing any more.
 */
export class Connection {
  readonly #socket: Socket;
  readonly #server: ServerState;
  /** Over TLS. */
  readonly #isSecure: boolean;
  #phase: 'head' | 'body' | 'busy' | 'draining' | 'over' = 'head';
  readonly #incoming = new Incoming();
  readonly #latestHead = new LatestHead();
  /** The client sends nothing more, but may still read. */
  #ended = false;
  #request: RequestInHand | undefined;
  #body: RequestBody | undefined;
  /** What the request holds of the budget for bodies. */
  #held = 0;
  #startedAt = 0;
  #deadline: number;

  constructor(socket: Socket, server: ServerState) {
    this.#socket = socket;
    this.#server = server;
    this.#isSecure = 'encrypted' in socket;
    this.#deadline = systemTime.now() + server.limits.headersTimeoutMs;
    server.connections.add(this);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('end', () => this.#end());
    socket.on('drain', () => this.#drained());
    // An error is followed by the close.
    socket.on('error', () => {});
    socket.on('close', () => this.#closed());
  }

  /** Ends it once an answer that is awaited or under way is out; a long poll is answered now. */
  close(): void {
    if (this.#phase === 'busy') this.#request?.abort();
    else if (this.#socket.writableLength > 0) this.#over();
    else this.destroy();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Lets a client go that takes too long over a request, or over the next one. */
  checkTime(now: number): void {
    if (now < this.#deadline) return;
    const isIdle = this.#phase === 'head' && this.#startedAt === 0;
    if (isIdle || this.#phase === 'draining' || this.#phase === 'over') this.destroy();
    else this.#refuse(408);
  }

  #receive(chunk: Buffer): void {
    if (this.#phase === 'over') return;
    this.#incoming.add(chunk);
    if (this.#phase === 'busy' || this.#phase === 'draining') {
      if (this.#incoming.length > MOST_AHEAD) this.#socket.pause();
    } else this.#read();
  }

  /** A client that has ended its side is gone, as far as anybody can see: it must not take a message with it. */
  #end(): void {
    this.#ended = true;
    this.#request?.abort();
    if (this.#phase === 'head' || this.#phase === 'body') this.#read();
    else if (this.#phase === 'over') this.#socket.destroy();
  }

  #closed(): void {
    this.#request?.abort();
    if (this.#phase !== 'busy') this.#release();
    this.#phase = 'over';
    this.#incoming.clear();
    this.#server.connections.delete(this);
  }

  /** Reads as much of a request as there is. */
  #read(): void {
    if (this.#phase === 'head') this.#readHead();
    if (this.#phase === 'body') this.#readBody();
    if (!this.#ended || (this.#phase !== 'head' && this.#phase !== 'body')) return;
    if (this.#startedAt === 0) this.#over();
    else this.#refuse(400);
  }

  #readHead(): void {
    const incoming = this.#incoming;
    const { limits } = this.#server;
    if (!incoming.hasBegun()) return;
    if (this.#startedAt === 0) {
      this.#startedAt = systemTime.now();
      this.#deadline = this.#startedAt + limits.headersTimeoutMs;
      if (!incoming.beginsWell) return void this.#refuse(400);
    }
    const text = incoming.takeHead(limits.headerBytes);
    if (text === 'incomplete') return;
    if (text === 'oversized') return void this.#refuse(431);
    const head = parseHead(text, this.#latestHead);
    if ('status' in head) this.#refuse(head.status);
    else this.#begin(head);
  }

  /** The head is there: what cannot be answered is refused before its body is read. */
  #begin(head: RequestHead): void {
    const refused = refusal(head);
    if (refused !== undefined)
      return void this.#refuse(403, `cliffracer refuses this request: ${refused}\n`, head.method);
    const request = new RequestInHand(head, this.#isSecure);
    this.#request = request;
    const limit = bodyLimit(head);
    if (head.length !== undefined && head.length > limit) {
      request.oversized = true;
      return void this.#handle(request);
    }
    // Also for a body that is empty or here already: botocore before 1.44.8 waits for it in its next request otherwise.
    if (head.expectsContinue) this.#socket.write('HTTP/1.1 100 Continue\r\n\r\n', 'latin1');
    // A body that is there already is not copied.
    if (head.length !== undefined && head.length <= this.#incoming.length) {
      request.body = this.#incoming.take(head.length);
      if (this.#hold(head.length)) this.#handle(request);
      return;
    }
    this.#body = new RequestBody(head.length, limit);
    this.#phase = 'body';
    this.#deadline = this.#startedAt + this.#server.limits.requestTimeoutMs;
  }

  #readBody(): void {
    const request = this.#request!;
    const body = this.#body!;
    const progress = body.take(this.#incoming.take(this.#incoming.length));
    if (progress === 'malformed') return void this.#refuse(400);
    if (progress === 'oversized') {
      request.oversized = true;
      return void this.#handle(request);
    }
    if (!this.#hold(body.length) || progress === 'more') return;
    this.#incoming.putBack(progress.rest);
    request.body = body.bytes;
    this.#handle(request);
  }

  /** Counts the body's bytes; refuses the request when all bodies together are too many. */
  #hold(length: number): boolean {
    const { budget } = this.#server;
    budget.used += length - this.#held;
    this.#held = length;
    if (budget.used <= budget.limit) return true;
    this.#refuse(503, 'cliffracer has too many request bodies in hand\n');
    return false;
  }

  #release(): void {
    this.#server.budget.used -= this.#held;
    this.#held = 0;
    this.#body = undefined;
    this.#request = undefined;
  }

  #handle(request: RequestInHand): void {
    this.#phase = 'busy';
    this.#body = undefined;
    this.#deadline = Number.POSITIVE_INFINITY;
    const answered = this.#server.emulator.handle(request).then((response) => this.#answer(request, response));
    answered.catch(() => {
      this.#release();
      this.destroy();
    });
  }

  #answer(request: RequestInHand, response: EmulatorResponse): void {
    this.#release();
    // The client has gone meanwhile.
    if (this.#phase === 'over') return;
    const { limits, closing } = this.#server;
    const last = request.oversized || closing || !request.keepAlive;
    const answering = { method: request.method, last, keepAliveMs: limits.keepAliveMs };
    const drained = writeResponse(this.#socket, response, answering);
    if (last) return void this.#over();
    this.#server.wakefulness.answered();
    this.#startedAt = 0;
    if (drained) return void this.#next();
    this.#phase = 'draining';
    this.#deadline = systemTime.now() + limits.requestTimeoutMs;
  }

  #drained(): void {
    if (this.#phase === 'draining') this.#next();
  }

  #next(): void {
    this.#phase = 'head';
    this.#deadline = systemTime.now() + this.#server.limits.keepAliveMs;
    if (this.#incoming.length === 0 && !this.#ended) return;
    if (this.#socket.isPaused()) this.#socket.resume();
    this.#read();
  }

  /** Answers without asking the engine; nothing more is read. */
  #refuse(status: number, body = '', method = 'GET'): void {
    this.#release();
    const headers: Record<string, string> = body === '' ? {} : { 'content-type': 'text/plain; charset=utf-8' };
    const answering = { method, last: true, keepAliveMs: 0 };
    if (this.#socket.writable) writeResponse(this.#socket, { status, headers, body }, answering);
    this.#over();
  }

  /**
   * The last answer is out. What the client still sends is dropped unread for a while: closing at once could take the
   * answer away from it.
   */
  #over(): void {
    this.#phase = 'over';
    this.#incoming.clear();
    this.#deadline = systemTime.now() + this.#server.limits.requestTimeoutMs;
    if (this.#ended) return void this.#socket.destroySoon();
    this.#socket.end(() => {
      this.#deadline = systemTime.now() + GRACE_MS;
    });
    this.#socket.resume();
  }
}
