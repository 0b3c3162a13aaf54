import { AwsError } from '../core/errors.ts';

/** A form as a browser sends it with a file (RFC 7578); what stands after the file does not count. */
export interface PostedForm {
  /** In the order of the form, names as they came. */
  fields: { name: string; value: string }[];
  file: { content: Buffer; filename: string | undefined };
}

/** Bytes of everything before the file (S3 API Reference, POST Object). */
const MOST_BEFORE_FILE = 20 * 1024;
const LONGEST_BOUNDARY = 70;
const END_OF_LINE = '\r\n';

/** Reads a form in one pass; the file stays where it is in the body. */
export function readForm(contentType: string, body: Buffer): PostedForm {
  const [, quoted, token] = /;\s*boundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? token ?? '';
  if (boundary === '' || boundary.length > LONGEST_BOUNDARY) throw malformed();
  const delimiter = `--${boundary}`;
  const fields: PostedForm['fields'] = [];
  const before = body.subarray(0, MOST_BEFORE_FILE);
  let at = before.indexOf(delimiter, 0, 'latin1');
  if (at < 0) throw malformed();
  for (;;) {
    at += delimiter.length;
    if (body.toString('latin1', at, at + 2) === '--') throw noFile();
    const start = before.indexOf(END_OF_LINE + END_OF_LINE, at, 'latin1');
    if (start < 0) throw tooMuchBefore(body);
    const { name, filename } = readDisposition(body.toString('utf8', at, start));
    const content = start + 4;
    const isFile = name.toLowerCase() === 'file';
    // A part without content ends where its head does.
    const end = (isFile ? body : before).indexOf(END_OF_LINE + delimiter, content - 2, 'latin1');
    if (end < 0) throw isFile ? malformed() : tooMuchBefore(body);
    const bytes = body.subarray(content, Math.max(content, end));
    if (isFile) return { fields, file: { content: bytes, filename } };
    fields.push({ name, value: bytes.toString('utf8') });
    at = end + END_OF_LINE.length;
  }
}

function readDisposition(head: string): { name: string; filename: string | undefined } {
  const line = head.split(END_OF_LINE).find((one) => /^content-disposition:\s*form-data\s*;/i.test(one)) ?? '';
  const name = parameter(line, 'name');
  if (name === undefined) throw malformed();
  return { name, filename: parameter(line, 'filename') };
}

function parameter(line: string, name: string): string | undefined {
  const [, quoted, token] = new RegExp(`;\\s*${name}=(?:"([^"]*)"|([^\\s;"]+))`, 'i').exec(line) ?? [];
  return quoted ?? token;
}

const malformed = () =>
  new AwsError('MalformedPOSTRequest', 'The body of your POST request is not well-formed multipart/form-data.', {
    status: 400,
  });

const noFile = () =>
  new AwsError('InvalidArgument', 'POST requires exactly one file upload per request.', {
    status: 400,
    fields: { ArgumentName: 'file', ArgumentValue: 0 },
  });

/** A short body is cut off, a long one has too much in front of the file. The wording is S3's own. */
function tooMuchBefore(body: Buffer): AwsError {
  if (body.length <= MOST_BEFORE_FILE) return malformed();
  const message = 'Your POST request fields preceeding the upload file was too large.';
  const fields = { MaxPostPreDataLengthBytes: MOST_BEFORE_FILE };
  return new AwsError('MaxPostPreDataLengthExceeded', message, { status: 400, fields });
}
