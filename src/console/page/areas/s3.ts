import { useRef, useState } from 'preact/hooks';
import type { ObjectInfo } from '../../../lab/stores/port.ts';
import { count, dateTime, size } from '../data/format.ts';
import { useLoaded } from '../data/loading.ts';
import { go, linkTo, route } from '../data/route.ts';
import { html } from '../html.ts';
import { Button, Empty, Field, Problem } from '../parts/controls.ts';
import { change, tell } from '../parts/notice.ts';
import { ObjectPanel } from './object-panel.ts';

const LARGEST = 8 * 1024 * 1024;

/** Buckets, their objects, and one object as text. */
export function S3Area() {
  const { data, error } = useLoaded<{ buckets: { bucket: string; created_at: string | null }[] }>(
    'buckets',
    {},
    10_000,
  );
  const [bucket, ...parts] = route.value.chosen;
  const key = parts.length === 0 ? undefined : parts.join('/');
  return html`<div class="area split ${key === undefined ? '' : 'detail-open'}">
    <section class="pane ${bucket === undefined ? 'grow' : 'grow master'}" aria-label="Buckets">
      <header class="head"><h1>S3</h1>${bucket && html`<a href=${linkTo('s3')}>all buckets</a><span class="mono">${bucket}</span>`}</header>
      <${Problem} error=${error} />
      ${bucket === undefined ? html`${data?.buckets.length === 0 && html`<${Empty}>There is no bucket.</>`}<ul class="names">${data?.buckets.map((each) => html`<li key=${each.bucket}><button type="button" onClick=${() => go('s3', [each.bucket])}><span class="mono">${each.bucket}</span><span class="dim">${dateTime(each.created_at)}</span></button></li>`)}</ul>` : html`<${Objects} key=${bucket} bucket=${bucket} chosen=${key} />`}
    </section>
    ${bucket !== undefined && key !== undefined && html`<${ObjectPanel} key=${key} bucket=${bucket} objectKey=${key} />`}
  </div>`;
}

function Objects({ bucket, chosen }: { bucket: string; chosen: string | undefined }) {
  const [prefix, setPrefix] = useState('');
  const [pages, setPages] = useState(['']);
  const { data, error, reload } = useLoaded<{ objects: ObjectInfo[]; after: string | null }>(
    'buckets/objects',
    { bucket, prefix, after: pages.at(-1) },
    5_000,
  );
  const file = useRef<HTMLInputElement>(null);
  const upload = async () => {
    const [picked] = file.current!.files ?? [];
    if (picked === undefined) return;
    if (picked.size > LARGEST)
      return tell(`${picked.name} has ${size(picked.size)}, more than the ${size(LARGEST)} of an upload here`, true);
    const bytes = new Uint8Array(await picked.arrayBuffer());
    await change(
      'buckets/upload',
      {
        bucket,
        key: prefix + picked.name,
        base64: base64(bytes),
        content_type: picked.type || 'application/octet-stream',
      },
      `${picked.name} was uploaded`,
    );
    file.current!.value = '';
    reload();
  };
  const objects = data?.objects ?? [];
  return html`<div class="bar"><${Field} label="Prefix" quiet filter mono value=${prefix} placeholder="Prefix" onInput=${(
    text: string,
  ) => {
    setPrefix(text);
    setPages(['']);
  }} /><input ref=${file} type="file" class="hidden" aria-label="File to upload" tabindex="-1" onChange=${upload} /><${Button} writes onClick=${() => file.current!.click()}>Upload</></div>
    <${Problem} error=${error} />
    ${data && objects.length === 0 && html`<${Empty}>No object has such a key.</>`}
    ${
      objects.length > 0 &&
      html`<div class="scroll"><table class="rows"><thead><tr><th scope="col">Key</th><th scope="col" class="num">Size</th><th scope="col" class="num">Modified</th></tr></thead><tbody>${objects.map(
        ({ key, size: bytes, modified_at: modified }) =>
          html`<tr key=${key} class=${key === chosen ? 'chosen' : ''} onClick=${() => go('s3', [bucket, key])}><th scope="row"><button type="button" class="link mono" title=${key} aria-pressed=${key === chosen}>${key}</button></th><td class="num">${size(bytes)}</td><td class="dim num">${dateTime(modified)}</td></tr>`,
      )}</tbody></table></div>`
    }
    <div class="bar"><${Button} disabled=${pages.length === 1} onClick=${() => setPages(pages.slice(0, -1))}>Page before</><span class="dim">${count(objects.length)} objects</span><${Button} disabled=${!data?.after} onClick=${() => setPages([...pages, data!.after!])}>Next page</></div>`;
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768));
  return btoa(text);
}
