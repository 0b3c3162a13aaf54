import { expect, test } from 'vitest';
import { hasInvalidCharacters } from '../../../src/emulator/sqs/message-body.ts';

/** SQS API Reference, SendMessage: #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF. */
const isValid = (code: number) =>
  [0x9, 0xa, 0xd].includes(code) ||
  (code >= 0x20 && code <= 0xd7ff) ||
  (code >= 0xe000 && code <= 0xfffd) ||
  code >= 0x10000;

test('every character of the first plane is taken or refused as SQS says, and pairs beyond it are taken', () => {
  const wrong: number[] = [];
  for (let code = 0; code <= 0xffff; code++) {
    if (hasInvalidCharacters(`a${String.fromCharCode(code)}b`) === isValid(code)) wrong.push(code);
  }
  for (let code = 0x10000; code <= 0x10ffff; code += 0x3ff) {
    if (hasInvalidCharacters(`a${String.fromCodePoint(code)}b`)) wrong.push(code);
  }
  expect(wrong).toEqual([]);
});
