import { hash } from 'node:crypto';
import { AwsError } from '../core/errors.ts';
import { invalidParameter, missingParameter } from './errors.ts';

// Lone surrogates count as code points of their own under the flag `u`; whole pairs (emoji) are allowed.
const INVALID = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;

/** Everything invalid has one of these, and few texts do: code units are searched five times as fast as code points. */
const SUSPECT = /[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]/;

/** The characters that SQS takes (SQS API, SendMessage). */
export const hasInvalidCharacters = (text: string): boolean => SUSPECT.test(text) && INVALID.test(text);

export const invalidCharacters = () =>
  new AwsError(
    'InvalidMessageContents',
    'Invalid characters found. Valid unicode characters are ' +
      '#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
  );

/** Checks a body by itself, and gives the message's size; the size counts the attributes in (SQS Developer Guide, Message quotas). */
export function checkBody(body: string, attributesSize: number, maximum: number): number {
  if (!body) throw missingParameter('MessageBody');
  const size = Buffer.byteLength(body) + attributesSize;
  if (size > maximum) {
    throw invalidParameter(
      `One or more parameters are invalid. Reason: Message must be shorter than ${maximum} bytes.`,
    );
  }
  if (body !== valid && hasInvalidCharacters(body)) throw invalidCharacters();
  valid = body;
  return size;
}

/** The latest text without an invalid character, and the latest digest: a topic sends the same text to every queue. */
let valid = '';
let latest = { text: '', digest: hash('md5', '') };

export function md5(text: string): string {
  if (latest.text !== text) latest = { text, digest: hash('md5', text) };
  return latest.digest;
}

export const sha256 = (text: string): string => hash('sha256', text);
