// The program of a thread that explores: built into a file of its own.
import { parentPort, workerData } from 'node:worker_threads';
import { exploreHere, type ThreadTask } from './explorers.ts';

async function explore(): Promise<void> {
  for await (const fact of exploreHere(workerData as ThreadTask)) parentPort!.postMessage(fact);
}

// A rejection ends the thread, and its maker hears of it.
void explore();
