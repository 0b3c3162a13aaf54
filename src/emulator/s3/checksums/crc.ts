/**
 * CRC-32C (Castagnoli) and CRC-64/NVME, which Node does not offer. Both are reflected and take eight bytes a step with
 * eight tables ("slicing by 8"); the tables are made on first use.
 */
const SLICES = 8;

/** `SLICES` tables of 256 entries, one after the other; a 64-bit entry is split into its halves. */
interface Tables {
  low: Int32Array;
  high: Int32Array;
}

function makeTables(polynomialHigh: number, polynomialLow: number): Tables {
  const low = new Int32Array(SLICES * 256);
  const high = new Int32Array(SLICES * 256);
  for (let byte = 0; byte < 256; byte++) {
    let l = byte;
    let h = 0;
    for (let bit = 0; bit < 8; bit++) {
      const carry = l & 1;
      l = (l >>> 1) | (h << 31);
      h >>>= 1;
      if (carry) {
        l ^= polynomialLow;
        h ^= polynomialHigh;
      }
    }
    low[byte] = l;
    high[byte] = h;
  }
  for (let index = 256; index < SLICES * 256; index++) {
    const l = low[index - 256]!;
    const h = high[index - 256]!;
    low[index] = ((l >>> 8) | (h << 24)) ^ low[l & 255]!;
    high[index] = (h >>> 8) ^ high[l & 255]!;
  }
  return { low, high };
}

let castagnoli: Tables | undefined;
let nvme: Tables | undefined;

const word = (bytes: Uint8Array, at: number) =>
  bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);

/** The eight table indexes of one step: the bytes of the two words, lowest first. */
function step(table: Int32Array, a: number, b: number): number {
  return (
    table[1792 + (a & 255)]! ^
    table[1536 + ((a >>> 8) & 255)]! ^
    table[1280 + ((a >>> 16) & 255)]! ^
    table[1024 + (a >>> 24)]! ^
    table[768 + (b & 255)]! ^
    table[512 + ((b >>> 8) & 255)]! ^
    table[256 + ((b >>> 16) & 255)]! ^
    table[b >>> 24]!
  );
}

export function crc32c(bytes: Uint8Array): Buffer {
  castagnoli ??= makeTables(0, 0x82f63b78);
  const table = castagnoli.low;
  let crc = -1;
  let at = 0;
  for (const end = bytes.length - 7; at < end; at += 8) {
    crc = step(table, crc ^ word(bytes, at), word(bytes, at + 4));
  }
  for (; at < bytes.length; at++) crc = (crc >>> 8) ^ table[(crc ^ bytes[at]!) & 255]!;
  const digest = Buffer.allocUnsafe(4);
  digest.writeInt32BE(~crc);
  return digest;
}

export function crc64nvme(bytes: Uint8Array): Buffer {
  nvme ??= makeTables(0x9a6c9329, 0xac4bc9b5);
  const { low, high } = nvme;
  let l = -1;
  let h = -1;
  let at = 0;
  for (const end = bytes.length - 7; at < end; at += 8) {
    const a = l ^ word(bytes, at);
    const b = h ^ word(bytes, at + 4);
    l = step(low, a, b);
    h = step(high, a, b);
  }
  for (; at < bytes.length; at++) {
    const index = (l ^ bytes[at]!) & 255;
    l = ((l >>> 8) | (h << 24)) ^ low[index]!;
    h = (h >>> 8) ^ high[index]!;
  }
  const digest = Buffer.allocUnsafe(8);
  digest.writeInt32BE(~h, 0);
  digest.writeInt32BE(~l, 4);
  return digest;
}
