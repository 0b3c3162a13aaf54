import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AwsError } from '../../../src/emulator/core/errors.ts';
import { readForm } from '../../../src/emulator/protocols/form-data.ts';

const TYPE = 'multipart/form-data; boundary=mark';
const read = (body: Buffer, type = TYPE) => readForm(type, body);

const FILE = '--mark\r\nContent-Disposition: form-data; name="file"\r\n\r\n';

function form(fields: [string, string][], file: Buffer): Buffer {
  const parts = fields.map(
    ([name, value]) => `--mark\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return Buffer.concat([Buffer.from(parts.join('') + FILE), file, Buffer.from('\r\n--mark--\r\n')]);
}

const fieldName = fc.stringMatching(/^[A-Za-z$-]{1,20}$/).filter((name) => name.toLowerCase() !== 'file');
const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('--mark'));

test('a form comes back as it was sent (RFC 7578)', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fieldName, text), { maxLength: 10 }), fc.uint8Array(), (fields, bytes) => {
      const file = Buffer.from(bytes);
      fc.pre(!file.includes('--mark'));
      const found = read(form(fields, file));
      expect(found.fields).toEqual(fields.map(([name, value]) => ({ name, value })));
      expect(found.file.content.equals(file)).toBe(true);
    }),
  );
});

test('damage is a refusal of S3 or another form, never a fault', () => {
  const sound = form([['key', 'a']], Buffer.from('hello'));
  fc.assert(
    fc.property(fc.nat(sound.length - 1), fc.nat(sound.length), fc.uint8Array({ maxLength: 8 }), (at, end, bytes) => {
      const damaged = Buffer.concat([sound.subarray(0, at), Buffer.from(bytes), sound.subarray(Math.max(at, end))]);
      try {
        read(damaged);
      } catch (error) {
        expect(error).toBeInstanceOf(AwsError);
      }
    }),
    { numRuns: 500 },
  );
});

test.each(['boundary=', `boundary=${'x'.repeat(71)}`, 'x=mark', 'boundary="'])('%s is no boundary', (parameter) => {
  expect(() => read(form([], Buffer.from('x')), `multipart/form-data; ${parameter}`)).toThrow(/not well-formed/);
});

test('a quoted boundary is one, and parts may have other headers', () => {
  const body = Buffer.from(
    'preamble\r\n--mark\r\nX-Other: 1\r\ncontent-disposition: form-data; name=file; filename="C:\\dir\\a.txt"\r\n\r\nhi\r\n--mark--',
  );
  const { file } = read(body, 'multipart/form-data; charset=utf-8; boundary="mark"');
  expect([file.content.toString(), file.filename]).toEqual(['hi', 'C:\\dir\\a.txt']);
});
