import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dynamoRequestId } from '../../../src/emulator/protocols/json.ts';

test("a request id of DynamoDB's is the id in base 32, and what all of them end with", () => {
  fc.assert(
    fc.property(fc.uuid(), (id) => {
      const number = BigInt(`0x${id.replaceAll('-', '')}`)
        .toString(32)
        .toUpperCase();
      expect(dynamoRequestId(id)).toBe(`${number.padStart(26, '0')}VV4KQNSO5AEMVJF66Q9ASUAAJG`);
    }),
  );
  expect(dynamoRequestId('00000000-0000-0000-0000-000000000001')).toMatch(/^0{25}1VV4K/);
});
