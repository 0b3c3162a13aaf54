import { createHash } from 'node:crypto';
import { hashes } from './seen-events.ts';

const BUCKETS = 1024;

/**
 * Compares expected with stored receipts in constant memory, in any order: each side adds a hash of key and content to the
 * sum of the key's hash bucket, and only receipts of buckets that differ are read.
 */
export class ReceiptLedger {
  readonly #sums = new Uint32Array(2 * BUCKETS);
  expectedCount = 0;

  /** Adds an expected receipt with its text. */
  expected(key: string, text: string): void {
    this.expectedCount++;
    this.#add(key, createHash('md5').update(text).digest('hex'), 1);
  }

  /** A receipt that is there; its ETag is the MD5 of its content where S3's documentation says so, and on engines. */
  found(key: string, etag: string | undefined): void {
    this.#add(key, (etag ?? '').replaceAll('"', '').toLowerCase(), -1);
  }

  /** Whether the receipts in the hash bucket of this key have to be read. */
  isDoubtful(key: string): boolean {
    const bucket = bucketOf(key);
    return this.#sums[bucket] !== 0 || this.#sums[BUCKETS + bucket] !== 0;
  }

  get balanced(): boolean {
    return this.#sums.every((sum) => sum === 0);
  }

  #add(key: string, content: string, sign: 1 | -1): void {
    const bucket = bucketOf(key);
    const [one, two] = hashes(`${key} ${content}`);
    this.#sums[bucket]! += sign * one;
    this.#sums[BUCKETS + bucket]! += sign * two;
  }
}

const bucketOf = (key: string): number => hashes(key)[0] % BUCKETS;
