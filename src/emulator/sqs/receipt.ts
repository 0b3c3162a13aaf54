import { AwsError } from '../core/errors.ts';
import { ownMessage } from './queue.ts';
import type { Message, Queue } from './state.ts';

/** AWS's handles begin so, and clients have been seen to look. */
const PREFIX = 'AQEB';

/** The handle of a message's latest receive: it names the queue, the message in it, and which receive it was. */
export function receiptHandle(queue: Queue, message: Message): string {
  return PREFIX + Buffer.from(`${queue.id}:${message.key}:${message.receives}`, 'latin1').toString('base64');
}

/** A message by one of its handles: undefined when it is gone; `latest` unless it was received again since. */
export function findByReceipt(queue: Queue, handle: string): { message: Message; latest: boolean } | undefined {
  const text = handle.startsWith(PREFIX) ? Buffer.from(handle.slice(PREFIX.length), 'base64').toString('latin1') : '';
  const match = /^([0-9a-f]+):(\d{1,15}):(\d{1,15})$/.exec(text);
  if (match === null || match[1] !== queue.id) {
    throw new AwsError(
      'ReceiptHandleIsInvalid',
      `The input receipt handle "${handle}" is not a valid receipt handle.`,
      {
        status: 404,
      },
    );
  }
  const message = ownMessage(queue, Number(match[2]));
  return message === undefined ? undefined : { message, latest: message.receives === Number(match[3]) };
}
