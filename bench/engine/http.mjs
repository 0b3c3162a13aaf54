// A kept-alive connection that sends bytes and reads one response at a time, with as little work as can be.
import { connect } from 'node:net';

const END_OF_HEAD = Buffer.from('\r\n\r\n');
const END_OF_CHUNKS = Buffer.from('0\r\n\r\n');

export class Connection {
  #port;
  #socket;
  #pending;
  #done;
  #failed;
  /** Bytes of the response that is being read, from the beginning of its body on; undefined before its head is there. */
  #length;
  #isLast;

  constructor(port) {
    this.#port = port;
  }

  /** Calls `done(status, bytes)` with the response, head included; `failed(error)` when there is none. */
  send(bytes, done, failed) {
    this.#done = done;
    this.#failed = failed;
    this.#pending = undefined;
    this.#length = undefined;
    if (this.#socket === undefined) this.#open();
    this.#socket.write(bytes);
  }

  close() {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.destroy();
  }

  #open() {
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
    this.#socket = socket;
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('error', () => {});
    socket.on('close', () => {
      if (this.#socket !== socket) return;
      this.#socket = undefined;
      const failed = this.#failed;
      this.#done = undefined;
      this.#failed = undefined;
      failed?.(new Error('the server closed the connection'));
    });
  }

  #read(chunk) {
    const bytes = this.#pending === undefined ? chunk : Buffer.concat([this.#pending, chunk]);
    if (this.#length === undefined) {
      const end = bytes.indexOf(END_OF_HEAD);
      if (end < 0) {
        this.#pending = bytes;
        return;
      }
      const head = bytes.latin1Slice(0, end);
      this.#length = lengthOf(head, end + 4);
      this.#isLast = /\r\nconnection: *close/i.test(head);
    }
    const complete = this.#length === -1 ? bytes.subarray(-5).equals(END_OF_CHUNKS) : bytes.length >= this.#length;
    if (!complete) {
      this.#pending = bytes;
      return;
    }
    const done = this.#done;
    this.#done = undefined;
    this.#failed = undefined;
    if (this.#isLast) this.close();
    done?.(statusOf(bytes), bytes);
  }
}

const statusOf = (bytes) => (bytes[9] - 48) * 100 + (bytes[10] - 48) * 10 + (bytes[11] - 48);

/** Length of the whole response; -1 when it comes in chunks. */
function lengthOf(head, bodyStart) {
  const found = /\r\ncontent-length: *(\d+)/i.exec(head);
  if (found !== null) return bodyStart + Number(found[1]);
  return /\r\ntransfer-encoding: *chunked/i.test(head) ? -1 : bodyStart;
}
