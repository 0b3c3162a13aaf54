import { scopeOf } from '../control/routing.ts';
import type { Engine } from '../core/engine.ts';
import { fromByteKey, toByteKey } from '../s3/listing/byte-order.ts';
import { keysFrom } from '../s3/listing/ordered-keys.ts';
import type { Bucket, S3State } from '../s3/state.ts';
import { html, type Markup, navigation, page, size } from './html.ts';

const PAGE = 200;
/** Bytes of an object that are shown. */
const SHOWN = 256 * 1024;

/**
 * `/_localstack/s3`: the buckets; `?bucket=` the objects of one, with `prefix` and `after`; `&key=` one object as text.
 * Undefined for what is not there.
 */
export function s3Page(engine: Engine, query: URLSearchParams, console: string | undefined): string | undefined {
  engine.settle();
  const { account } = scopeOf(query);
  const { buckets } = engine.stateOf('s3', scopeOf(query)) as S3State;
  const name = query.get('bucket');
  const links = navigation(console);
  if (name === null) {
    const own = [...buckets.values()].filter((bucket) => bucket.account === account);
    return page('S3', html`<h1>S3</h1>${links}${bucketTable(own)}`);
  }
  const bucket = buckets.get(name);
  if (bucket === undefined || bucket.account !== account) return undefined;
  const key = query.get('key');
  if (key === null) return page(name, html`<h1><code>${name}</code></h1>${links}${objectTable(bucket, query)}`);
  const content = objectContent(bucket, key);
  return content && page(key, html`<h1><code>${key}</code></h1>${links}${content}`);
}

const linkTo = (parameters: Record<string, string>) => `/_localstack/s3?${new URLSearchParams(parameters)}`;

const time = (seconds: number) => new Date(seconds * 1000).toISOString();

function bucketTable(buckets: readonly Bucket[]): Markup {
  if (buckets.length === 0) return html`<p>There are no buckets.</p>`;
  const rows = buckets.map(({ name, region, objects, createdAt }) => {
    let bytes = 0;
    for (const { body } of objects.values()) bytes += body.byteLength;
    return html`<tr><td><a href="${linkTo({ bucket: name })}"><code>${name}</code></a></td><td class="n">${objects.size}</td><td class="n">${size(bytes)}</td><td>${region}</td><td>${time(createdAt)}</td></tr>`;
  });
  return html`<h2>Buckets</h2><div><table><tr><th>Name</th><th class="n">Objects</th><th class="n">Size</th><th>Region</th><th>Created</th></tr>${rows}</table></div>`;
}

function objectTable(bucket: Bucket, query: URLSearchParams): Markup {
  const prefix = query.get('prefix') ?? '';
  const after = query.get('after');
  const keys: string[] = [];
  for (const key of keysFrom(bucket.keys, toByteKey(after ?? prefix), after === null)) {
    if (!key.startsWith(toByteKey(prefix)) || keys.push(key) > PAGE) break;
  }
  const more = keys.length > PAGE;
  const shown = keys.slice(0, PAGE);
  const rows = shown.map((byteKey) => {
    const key = fromByteKey(byteKey);
    const { body, modifiedAt, headers, etag } = bucket.objects.get(byteKey)!;
    return html`<tr><td><a href="${linkTo({ bucket: bucket.name, key })}"><code>${key}</code></a></td><td class="n">${size(body.byteLength)}</td><td>${time(modifiedAt)}</td><td>${headers.ContentType}</td><td><code>${etag.slice(0, 12)}</code></td></tr>`;
  });
  if (rows.length === 0) return html`<p><a href="${linkTo({})}">All buckets</a></p><p>There are no objects here.</p>`;
  const next = linkTo({ bucket: bucket.name, prefix, after: fromByteKey(shown.at(-1)!) });
  return html`<p><a href="${linkTo({})}">All buckets</a> · ${bucket.objects.size} objects</p><h2>Objects</h2><div><table><tr><th>Key</th><th class="n">Size</th><th>Modified</th><th>Type</th><th>ETag</th></tr>${rows}</table></div>${more ? html`<p><a href="${next}">Next page</a></p>` : ''}`;
}

function objectContent(bucket: Bucket, key: string): Markup | undefined {
  const object = bucket.objects.get(toByteKey(key));
  if (object === undefined) return undefined;
  const { body, headers, modifiedAt, etag, metadata } = object;
  const facts = html`<p><a href="${linkTo({ bucket: bucket.name })}">${bucket.name}</a> · ${size(body.byteLength)} · ${headers.ContentType} · ${time(modifiedAt)} · ETag <code>${etag}</code></p>`;
  const own = [...(metadata ?? [])].map(
    ([name, value]) => html`<tr><td><code>${name}</code></td><td>${value}</td></tr>`,
  );
  const table = own.length === 0 ? '' : html`<h2>Metadata</h2><div><table>${own}</table></div>`;
  return html`${facts}${table}<h2>Content</h2>${contentText(body)}`;
}

function contentText(body: Uint8Array): Markup {
  const cut = body.byteLength > SHOWN ? html`<p>The first ${size(SHOWN)} of it.</p>` : '';
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body.subarray(0, SHOWN), { stream: true });
    return html`${cut}<pre>${body.byteLength > SHOWN ? text : indented(text)}</pre>`;
  } catch {
    return html`<p>It is no text.</p>`;
  }
}

/** JSON, such as a receipt, with its members on lines of their own. */
function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}
