// The program of a thread that explores: built into a file of its own.
import { parentPort, workerData } from 'node:worker_threads';
import { exploreHere, type ThreadTask } from './explorers.ts';

for await (const fact of exploreHere(workerData as ThreadTask)) parentPort!.postMessage(fact);
