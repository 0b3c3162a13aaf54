import { bytesOf, Connection } from './connection.ts';
import { DOCUMENTS } from './heavy-documents.ts';
import { HEAVY_WORLD, SEARCHES } from './heavy-scans.ts';
import { HANG_MS, record, type Tally } from './phase.ts';
import type { Subject } from './subject.ts';

// A processor that is shared takes longer now and then, also by its own time: the shortest of a few tries is the request's.
const MOST_TRIES = 3;
const SOON_ENOUGH_MS = 100;

/** Requests that are made to keep the engine busy; the longest stretch of each in which nobody else was answered. */
export async function sendHeavy(subject: Subject, tally: Tally): Promise<void> {
  const connection = new Connection(subject.port, HANG_MS);
  for (const request of HEAVY_WORLD) await connection.send(bytesOf(request));
  for (const { label, needs, request: make } of [...DOCUMENTS, ...SEARCHES]) {
    for (const needed of needs?.() ?? []) await connection.send(bytesOf(needed));
    const request = { ...make(), label };
    const bytes = bytesOf(request);
    let ms = Number.POSITIVE_INFINITY;
    for (let tries = 0; tries < MOST_TRIES && ms > SOON_ENOUGH_MS; tries++) {
      await subject.watch();
      const started = performance.now();
      const outcome = await connection.send(bytes);
      record(tally, request, bytes.subarray(0, 1500), outcome, performance.now() - started);
      ms = Math.min(ms, await subject.stalled());
    }
    tally.stalls.push({ label, ms });
  }
  connection.close();
}
