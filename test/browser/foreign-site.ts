import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a page, without its reader doing more than open it or click, makes a browser send a request. */
export const MEANS: Readonly<Record<string, (url: string) => string>> = {
  'an image': (url) => `<img src="${url}">`,
  'an image without a referrer': (url) => `<img referrerpolicy="no-referrer" src="${url}">`,
  'a script': (url) => `<script src="${url}"></script>`,
  'a module': (url) => `<script type="module" src="${url}"></script>`,
  'a style sheet': (url) => `<link rel="stylesheet" href="${url}">`,
  'a frame': (url) => `<iframe src="${url}"></iframe>`,
  'an object': (url) => `<object data="${url}"></object>`,
  'a video': (url) => `<video src="${url}" preload="auto"></video>`,
  'a link': (url) => `<a id="go" rel="noreferrer" href="${url}">go</a><script>go.click()</script>`,
  'a link to a new window': (url) =>
    `<a id="go" target="_blank" rel="noopener noreferrer" href="${url}">go</a><script>go.click()</script>`,
  'a form by GET': (url) => form(url, 'get'),
  'a form by POST': (url) => form(url, 'post'),
  'a refresh': (url) => `<meta http-equiv="refresh" content="0;url=${url}">`,
  'fetch without CORS': (url) => `<script>fetch('${url}', {mode: 'no-cors'}).catch(() => {})</script>`,
  'fetch by POST': (url) =>
    `<script>fetch('${url}', {mode: 'no-cors', method: 'POST', body: 'a'}).catch(() => {})</script>`,
  'fetch with CORS': (url) => `<script>fetch('${url}').catch(() => {})</script>`,
  'a worker': (url) =>
    `<script>new Worker(URL.createObjectURL(new Blob(["fetch('${url}', {mode: 'no-cors'})"])))</script>`,
};

function form(url: string, method: string): string {
  const { origin, pathname, searchParams } = new URL(url);
  const inputs = [...searchParams].map(([name, value]) => `<input name="${name}" value="${value}">`);
  const opening = `<form id="it" method="${method}" action="${origin}${pathname}">`;
  return `${opening}${inputs.join('')}</form><script>it.submit()</script>`;
}

export interface ForeignSite {
  port: number;
  /** What `/` shows. */
  page: string;
  close(): void;
}

/** A web site that is not the engine's: `/`, `/redirect?to=URL`, and an empty answer to all else. */
export async function foreignSite(): Promise<ForeignSite> {
  const site = { port: 0, page: '', close: () => void server.close() };
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://site');
    if (pathname === '/redirect') response.writeHead(302, { location: searchParams.get('to')! }).end();
    else response.writeHead(200, { 'content-type': 'text/html' }).end(pathname === '/' ? site.page : '');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  site.port = (server.address() as AddressInfo).port;
  return site;
}
