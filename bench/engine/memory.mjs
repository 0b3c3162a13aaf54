// Memory of an engine: just started, and with so many messages in a queue.
import { Connection } from './http.mjs';
import { createQueue, fillQueue } from './rows.mjs';

export async function footprint(start, engine, messages) {
  const running = await start();
  try {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const idle = running.memory();
    if (!engine.services.includes('sqs')) return { idle };
    const connections = Array.from({ length: 8 }, () => new Connection(running.port));
    const context = { port: running.port, connection: connections[0] };
    const queue = await createQueue(context);
    const sent = await fillQueue(context, queue, messages, connections, 30);
    for (const connection of connections) connection.close();
    return { idle, filled: running.memory(), sent };
  } finally {
    await running.stop();
  }
}
