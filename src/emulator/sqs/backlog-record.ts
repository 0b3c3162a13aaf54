import type { BacklogPage, MessageAttribute, MessageContent } from './state.ts';

/** The page that a record is in. */
type RecordSource = Pick<BacklogPage, 'senderId' | 'bytes'>;

// A record: when it was enqueued (8 bytes), the length of its body and whether that is ASCII (4), the length of what follows the
// body (2), the id (16), the body, and the other members as JSON unless all have their usual value.
const LENGTHS = 8;
const MORE = 12;
const ID = 14;
const BODY = 30;

/** What a message takes in a page, measured before it is written. */
export interface Measure {
  /** All bytes of it. */
  size: number;
  bodyBytes: number;
  /** The other members as JSON, empty when they have their usual value. */
  more: string;
}

/** Undefined when a message cannot be written, or not into so many bytes; `senderId` is the one that need not be said. */
export function measure(content: MessageContent, senderId: string, longest: number): Measure | undefined {
  const { id, body, groupId } = content;
  if (body.length > longest || groupId !== undefined || !isId(id)) return undefined;
  const more = moreOf(content, senderId);
  if (more === undefined) return undefined;
  const bodyBytes = Buffer.byteLength(body);
  const size = BODY + bodyBytes + (more === '' ? 0 : Buffer.byteLength(more));
  return size > longest ? undefined : { size, bodyBytes, more };
}

export function writeRecord(
  source: RecordSource,
  start: number,
  { enqueuedAt, id, body }: MessageContent,
  { size, bodyBytes, more }: Measure,
): void {
  const bytes = bufferOf(source);
  const isAscii = bodyBytes === body.length;
  bytes.writeDoubleLE(enqueuedAt, start);
  bytes.writeUInt32LE(bodyBytes * 2 + (isAscii ? 1 : 0), start + LENGTHS);
  bytes.writeUInt16LE(size - BODY - bodyBytes, start + MORE);
  for (let place = 0; place < 16; place++) bytes[start + ID + place] = byteOf(id, TEXT_PLACES[place]!);
  bytes.write(body, start + BODY, bodyBytes, isAscii ? 'latin1' : 'utf8');
  if (more !== '') bytes.write(more, start + BODY + bodyBytes);
}

type More = Omit<MessageContent, 'id' | 'body' | 'bodyMd5' | 'enqueuedAt' | 'groupId'>;

/** What is not as for most messages, as JSON; undefined when JSON cannot hold it. */
function moreOf(content: MessageContent, senderId: string): string | undefined {
  const { attributes, traceHeader, sentAt, receiveCount, firstReceivedAt } = content;
  const { deduplicationId, sequenceNumber, sourceArn } = content;
  const usual =
    attributes.length === 0 &&
    traceHeader === undefined &&
    content.senderId === senderId &&
    sentAt === content.enqueuedAt &&
    receiveCount === 0 &&
    firstReceivedAt === 0 &&
    deduplicationId === undefined &&
    sequenceNumber === undefined &&
    sourceArn === undefined;
  if (usual) return '';
  if (!attributes.every(({ value }) => typeof value === 'string')) return undefined;
  const more: More = {
    ...{ attributes, traceHeader, senderId: content.senderId, sentAt, receiveCount, firstReceivedAt },
    ...{ deduplicationId, sequenceNumber, sourceArn },
  };
  return JSON.stringify(more);
}

export function decodeRecord(source: RecordSource, start: number): MessageContent {
  const bytes = bufferOf(source);
  const lengths = bytes.readUInt32LE(start + LENGTHS);
  const bodyEnd = start + BODY + (lengths >>> 1);
  const body = bytes.toString((lengths & 1) === 1 ? 'latin1' : 'utf8', start + BODY, bodyEnd);
  const length = bytes.readUInt16LE(start + MORE);
  const more: Partial<More> =
    length === 0 ? {} : (JSON.parse(bytes.toString('utf8', bodyEnd, bodyEnd + length)) as Partial<More>);
  const enqueuedAt = bytes.readDoubleLE(start);
  return {
    id: readId(bytes, start + ID),
    body,
    bodyMd5: undefined,
    attributes: more.attributes ?? ([] as MessageAttribute[]),
    traceHeader: more.traceHeader,
    senderId: more.senderId ?? source.senderId,
    sentAt: more.sentAt ?? enqueuedAt,
    enqueuedAt,
    receiveCount: more.receiveCount ?? 0,
    firstReceivedAt: more.firstReceivedAt ?? 0,
    groupId: undefined,
    deduplicationId: more.deduplicationId,
    sequenceNumber: more.sequenceNumber,
    sourceArn: more.sourceArn,
  };
}

/** When the message was enqueued. */
export const recordTime = (source: RecordSource, start: number): number => bufferOf(source).readDoubleLE(start);

/** Whether the message has this id; tells most that have another one by their first byte. */
export function isOfId({ bytes }: RecordSource, start: number, id: string): boolean {
  if (id.length !== 36) return false;
  for (let place = 0; place < 16; place++) {
    if (bytes[start + ID + place] !== byteOf(id, TEXT_PLACES[place]!)) return false;
  }
  return true;
}

/** A state that was copied as structured clones are has plain arrays of bytes where there were Buffers. */
function bufferOf(source: RecordSource): Buffer {
  const { bytes } = source;
  if (Buffer.isBuffer(bytes)) return bytes;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  source.bytes = buffer;
  return buffer;
}

/** Where the two digits of each byte stand in the text of a UUID. */
const TEXT_PLACES = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
const DASHES = [8, 13, 18, 23];
const DASH = '-'.charCodeAt(0);
const DIGITS = Buffer.from('0123456789abcdef');
const VALUES = new Int16Array(256).fill(-1);
for (const [value, digit] of DIGITS.entries()) VALUES[digit] = value;

/** Below zero where there are no two digits in lower case. */
const byteOf = (text: string, at: number): number =>
  ((VALUES[text.charCodeAt(at)] ?? -1) << 4) | (VALUES[text.charCodeAt(at + 1)] ?? -1);

/** Whether a text is a UUID as this engine writes them. */
function isId(text: string): boolean {
  if (text.length !== 36) return false;
  for (let place = 0; place < 4; place++) if (text.charCodeAt(DASHES[place]!) !== DASH) return false;
  let all = 0;
  for (let place = 0; place < 16; place++) all |= byteOf(text, TEXT_PLACES[place]!);
  return all >= 0;
}

const idText = Buffer.alloc(36, '-');

function readId(bytes: Buffer, at: number): string {
  for (let place = 0; place < 16; place++) {
    const byte = bytes[at + place]!;
    const to = TEXT_PLACES[place]!;
    idText[to] = DIGITS[byte >> 4]!;
    idText[to + 1] = DIGITS[byte & 15]!;
  }
  return idText.toString('latin1');
}
