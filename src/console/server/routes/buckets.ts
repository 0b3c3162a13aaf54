import { type ConsoleDeps, type Routes, reads, writes } from '../deps.ts';

const MOST = 200;
const SHOWN_BYTES = 256 * 1024;
const LARGEST = 8 * 1024 * 1024;
/** The longest that a presigned address of signature version 4 may be good for (S3 User Guide). */
const LONGEST_SECONDS = 7 * 86_400;

/** `buckets`, their objects, and one object. */
export const bucketRoutes = ({ stores: { buckets } }: ConsoleDeps): Routes => ({
  buckets: reads(async () => ({ buckets: await buckets.list() })),
  'buckets/objects': reads((input) =>
    buckets.objects(input.text('bucket'), {
      prefix: input.maybeText('prefix') ?? '',
      after: input.maybeText('after') ?? '',
      limit: MOST,
    }),
  ),
  'buckets/object': reads((input) => buckets.look(input.text('bucket'), input.text('key'), SHOWN_BYTES)),
  'buckets/download': reads(async (input) => {
    const { bytes, content_type } = await buckets.read(input.text('bucket'), input.text('key'), LARGEST);
    return { content_type, base64: Buffer.from(bytes).toString('base64') };
  }),
  'buckets/presign': reads(async (input) => ({
    url: await buckets.presign(input.text('bucket'), input.text('key'), input.count('seconds', LONGEST_SECONDS)),
  })),
  'buckets/upload': writes(async (input) => {
    const content = Buffer.from(input.text('base64'), 'base64');
    await buckets.write(input.text('bucket'), input.text('key'), content, input.text('content_type'));
    return { size: content.length };
  }),
  'buckets/delete': writes(async (input) => {
    await buckets.delete(input.text('bucket'), input.text('key'));
    return {};
  }),
});
