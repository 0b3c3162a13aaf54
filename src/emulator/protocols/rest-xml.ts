/**
 * REST/XML, the protocol of S3, driven by the model: method, path and query find the operation; path, query, headers and
 * body fill its input. What S3's operations and this codec agree on, beyond the model:
 *
 * Input, besides the model's members (only there when they mean something):
 * - `Body` and other blob payloads are Buffers, already free of `aws-chunked`; trailers are read like headers, so a
 *   trailing checksum is found in `ChecksumCRC32` and its like. Nothing is verified here.
 * - `ContentLength` is the decoded length, `ContentEncoding` what is left without `aws-chunked`.
 * - `$presigned: { signedAt: number; expires: number }` (seconds since the epoch; seconds) for a presigned URL.
 * - `$resource: string` is the path as S3 names it in errors (`/bucket/key`).
 *
 * Output, besides the model's members:
 * - `$status: number` replaces the status (206, 304), which is else 200, or 204 for a DELETE without result. A 304 and
 *   an answer to HEAD have no body, whatever `Body` is; HEAD keeps `ContentLength`.
 * - `$headers: Record<string, string>` adds headers that the model does not know.
 *
 * Errors: `new AwsError('NoSuchKey', message, { status: 404, fields: { Key: 'x' } })`; fields become elements of the
 * error document (`<Key>`), `fields.$headers` headers of the response. Status may be left out for S3's well-known codes.
 */
export {};
