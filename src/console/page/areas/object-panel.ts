import { useState } from 'preact/hooks';
import type { ObjectContent } from '../../../lab/stores/port.ts';
import { call } from '../data/api.ts';
import { dateTime, indented, size } from '../data/format.ts';
import { useLoaded } from '../data/loading.ts';
import { go } from '../data/route.ts';
import { html } from '../html.ts';
import { Button, Copy, Empty, Problem } from '../parts/controls.ts';
import { change, tell } from '../parts/notice.ts';

const HOUR = 3_600;

/** One object: what is known of it, and its content as text, whatever it says that it is. */
export function ObjectPanel({ bucket, objectKey: key }: { bucket: string; objectKey: string }) {
  const { data, error } = useLoaded<ObjectContent>('buckets/object', { bucket, key });
  const [url, setUrl] = useState<string | undefined>(undefined);
  const [deleting, setDeleting] = useState(false);
  const presign = async () => {
    const answer = await change<{ url: string }>('buckets/presign', { bucket, key, seconds: HOUR }, 'Good for an hour');
    setUrl(answer?.url);
  };
  const remove = async () => {
    if (!deleting) return setDeleting(true);
    if (await change('buckets/delete', { bucket, key }, 'The object was deleted')) go('s3', [bucket]);
  };
  return html`<aside class="pane side wide detail" aria-label="The chosen object">
    <header class="head"><h2 class="mono" title=${key}>${key}</h2><button type="button" class="button plain close" aria-label="Close" onClick=${() => go('s3', [bucket])}>✕</button></header>
    <${Problem} error=${error} />
    <div class="bar"><${Button} onClick=${() => download(bucket, key)}>Download</><${Button} onClick=${presign}>Presign</><span class="grow"></span><${Button} look="danger" writes onClick=${remove}>${deleting ? 'Really delete' : 'Delete'}</></div>
    ${url && html`<div class="presigned"><code>${url}</code><${Copy} text=${url} /></div>`}
    ${
      data &&
      html`<dl class="facts"><dt>Size</dt><dd>${size(data.size)}</dd><dt>Type</dt><dd class="mono">${data.content_type}</dd><dt>Modified</dt><dd>${dateTime(data.modified_at)}</dd><dt>ETag</dt><dd class="mono">${data.etag}</dd>${Object.entries(data.metadata).map(([name, value]) => html`<dt key=${name}>${name}</dt><dd class="mono">${value}</dd>`)}</dl>
      ${data.truncated && html`<p class="dim">The beginning of it.</p>`}
      ${data.text === null ? html`<${Empty}>It is no text: download it to look into it.</>` : html`<pre class="content">${data.truncated ? data.text : indented(data.text)}</pre>`}`
    }
  </aside>`;
}

async function download(bucket: string, key: string): Promise<void> {
  try {
    const { base64 } = await call<{ base64: string }>('buckets/download', { bucket, key });
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    // Without the object's own type: a browser is to store it and never to open it.
    const url = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
    const anchor = Object.assign(document.createElement('a'), {
      href: url,
      download: key.split('/').at(-1) || 'object',
    });
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  } catch (error) {
    tell((error as Error).message, true);
  }
}
