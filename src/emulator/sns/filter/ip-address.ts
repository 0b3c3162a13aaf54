import { isIPv4, isIPv6 } from 'node:net';

/** An IP address as hexadecimal text of 8 or 32 digits, so that addresses of one family compare as text. */
export function addressDigits(text: string): string | undefined {
  if (isIPv4(text)) return bytesOf(text);
  if (!isIPv6(text) || text.includes('%')) return undefined;
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const digits = dotted === null ? undefined : bytesOf(dotted[2]!);
  const address = digits === undefined ? text : `${dotted![1]}${digits.slice(0, 4)}:${digits.slice(4)}`;
  const [head, tail] = address.split('::');
  const first = groups(head);
  const last = groups(tail);
  const zeros = Array.from({ length: tail === undefined ? 0 : 8 - first.length - last.length }, () => '0000');
  return [...first, ...zeros, ...last].join('');
}

/** First and last address of a CIDR block, or what is wrong with it. The range starts at the address that is given. */
export function cidrRange(text: string): { low: string; high: string } | { problem: string } {
  const parts = text.split('/');
  if (parts.length !== 2) return { problem: "Malformed CIDR, one '/' required" };
  if (!/^[+-]?\d{1,9}$/.test(parts[1]!)) return { problem: 'Malformed CIDR, mask bits must be an integer' };
  const mask = Number(parts[1]);
  if (mask < 0) return { problem: 'Malformed CIDR, mask bits must not be negative' };
  const low = addressDigits(parts[0]!);
  if (low === undefined) return { problem: `Nonstandard IP address: ${parts[0]}` };
  const bits = low.length * 4;
  if (mask >= bits) return { problem: `IPv${bits === 32 ? 4 : 6} mask bits must be < ${bits}` };
  const hostBits = (1n << BigInt(bits - mask)) - 1n;
  const high = (BigInt(`0x${low}`) | hostBits).toString(16).padStart(low.length, '0');
  return { low, high };
}

const bytesOf = (ipv4: string) =>
  ipv4
    .split('.')
    .map((byte) => Number(byte).toString(16).padStart(2, '0'))
    .join('');

const groups = (text: string | undefined) =>
  text ? text.split(':').map((group) => group.toLowerCase().padStart(4, '0')) : [];
