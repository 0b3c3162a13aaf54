import { AwsError } from '../../core/errors.ts';
import type { Context } from '../../core/types.ts';
import { bucketOf } from '../buckets/access.ts';
import { accessDenied } from '../errors.ts';
import type { S3State } from '../state.ts';
import { objectUrl } from './object-url.ts';
import { checkPostPolicy, type FormFields } from './post-policy.ts';
import { type PutObjectInput, writeObject } from './put.ts';

interface PostObjectInput extends PutObjectInput {
  /** The fields of the form before the file, in order. */
  $form: { name: string; value: string }[];
}

const VERSION_4 = ['X-Amz-Signature', 'X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Date'];
const VERSION_2 = ['Signature', 'AWSAccessKeyId'];

/** PostObject: an upload by a form with a file, within what its policy allows (S3 API Reference, POST Object). */
export function postObject(context: Context<S3State>, input: PostObjectInput) {
  const bucket = bucketOf(context, input);
  const fields = new Map(input.$form.map((field) => [field.name.toLowerCase(), field]));
  fields.set('key', { name: fields.get('key')?.name ?? 'key', value: input.Key });
  const policy = signedPolicy(fields);
  const size = Buffer.byteLength(input.Body ?? '');
  if (policy !== undefined) checkPostPolicy(policy, { bucket: bucket.name, fields, size, now: context.now });
  const written = writeObject(context, input, 'ObjectCreated:Post');
  return Object.assign(written, answer(context, bucket.name, fields, written.ETag));
}

/** The policy of a form, which has to be signed by one version or the other; without both it is like any unsigned call. */
function signedPolicy(fields: FormFields): string | undefined {
  const policy = fields.get('policy')?.value;
  const names = [VERSION_4, VERSION_2].find((version) => version.some((name) => fields.has(name.toLowerCase())));
  if (names === undefined) {
    if (policy === undefined) return undefined;
    throw accessDenied();
  }
  for (const name of ['policy', ...names]) {
    if (fields.has(name.toLowerCase())) continue;
    const text = `Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.`;
    throw new AwsError('InvalidArgument', text, { status: 400, fields: { ArgumentName: name, ArgumentValue: '' } });
  }
  return policy;
}

/** The answer that the form asks for: a redirect, else a document with 201, else 200 or 204 without a body. */
function answer(context: Context<S3State>, bucket: string, fields: FormFields, etag: string) {
  const key = fields.get('key')!.value;
  const redirect = redirectTo(fields.get('success_action_redirect')?.value ?? fields.get('redirect')?.value);
  if (redirect !== undefined) {
    const query = new URLSearchParams({ bucket, key, etag }).toString();
    return { $status: 303, $headers: { location: `${redirect}${redirect.includes('?') ? '&' : '?'}${query}` } };
  }
  const status = fields.get('success_action_status')?.value;
  const location = objectUrl(context.endpoint, bucket, encodeURIComponent(key));
  const headers = { $headers: { location } };
  if (status !== '201') return { $status: status === '200' ? 200 : 204, ...headers };
  const elements = { Location: location, Bucket: bucket, Key: key, ETag: etag };
  return { $status: 201, ...headers, $document: { root: 'PostResponse', elements } };
}

/** A URL that is none is left out of account. */
function redirectTo(text: string | undefined): string | undefined {
  if (text === undefined || !/^https?:\/\/[\x21-\x7e]+$/.test(text)) return undefined;
  return URL.canParse(text) ? text : undefined;
}
