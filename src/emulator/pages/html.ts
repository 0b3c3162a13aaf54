import { createHash } from 'node:crypto';
import type { EmulatorResponse, RouteHandler } from '../protocols/wire.ts';

/** Markup, as opposed to text that has to be escaped. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

type Part = string | number | Markup | undefined | readonly Part[];

/** A template whose values are text, unless they are markup themselves. */
export function html(parts: TemplateStringsArray, ...values: readonly Part[]): Markup {
  return new Markup(parts.map((part, index) => part + marked(values[index])).join(''));
}

function marked(value: Part): string {
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return value.map(marked).join('');
  return String(value ?? '').replace(/[&<>"']/g, (sign) => ENTITIES[sign]!);
}

const STYLE = `
:root{color-scheme:light dark;--text:#1d2733;--dim:#5c6875;--line:#dde2e8;--back:#fff;--raised:#f5f7f9;--link:#0b62b5;--bad:#b3261e;--good:#1b7a43}
@media(prefers-color-scheme:dark){:root{--text:#dfe5ec;--dim:#97a3b0;--line:#303a45;--back:#14191f;--raised:#1b2229;--link:#74b4f2;--bad:#ff8a80;--good:#6fcf97}}
body{margin:0 auto;max-width:72rem;padding:1.5rem;font:15px/1.5 system-ui,sans-serif;color:var(--text);background:var(--back)}
h1{font-size:1.35rem;margin:0 0 .25rem}h2{font-size:1.05rem;margin:2rem 0 .5rem}
p{margin:.25rem 0;color:var(--dim)}a{color:var(--link)}
table{border-collapse:collapse;width:100%;font-size:.9rem}div{overflow-x:auto}
th,td{text-align:left;padding:.4rem .75rem .4rem 0;border-bottom:1px solid var(--line);vertical-align:top}
th{color:var(--dim);font-weight:500}
code,pre{font:13px/1.5 ui-monospace,monospace;overflow-wrap:anywhere}
pre{background:var(--raised);border:1px solid var(--line);border-radius:6px;padding:1rem;white-space:pre-wrap}
h1 code{font-size:1.1rem}
.n{text-align:right;font-variant-numeric:tabular-nums}.bad{color:var(--bad)}.good{color:var(--good)}
svg{display:block}polyline{fill:none;stroke:var(--link);stroke-width:1.5}
`;

/**
 * Neither script nor anything from elsewhere; the one style is allowed by its hash. Without `allow-same-origin` the engine
 * would take a link on the page for one of another site, and refuse it; without scripts nobody can make use of the origin.
 */
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox allow-same-origin`;

/** A whole page. */
export function page(title: string, body: Markup): string {
  const head = html`<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${title} · cliffracer</title>`;
  return `<!doctype html><html lang="en"><head>${head.text}<style>${STYLE}</style></head><body>${body.text}</body></html>\n`;
}

/** Answers GET with a page; a page that is not there is undefined. */
export function pageRoute(render: (query: URLSearchParams) => string | undefined): RouteHandler {
  return ({ method }, path, query) => {
    if (method !== 'GET' && method !== 'HEAD')
      return answer(405, page('Not allowed', html`<p>This page is only read.</p>`));
    const found = path === '' || path === '/' ? render(query) : undefined;
    return found === undefined
      ? answer(404, page('Not found', html`<p>There is no such page.</p>`))
      : answer(200, found);
  };
}

const answer = (status: number, body: string): EmulatorResponse => ({
  status,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': POLICY,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    ...(status === 405 && { allow: 'GET, HEAD' }),
  },
  body,
});

/** Where else to look. `console` is the address of the console, while there is one. */
export const navigation = (console: string | undefined): Markup =>
  html`<p><a href="/_localstack/s3">S3</a> · <a href="/_aws/cloudwatch">CloudWatch</a>${
    console === undefined
      ? html` · more in the console: <code>cliffracer console --open</code>`
      : html` · <a href="${console}">Console</a>`
  }</p>`;

const UNITS = ['bytes', 'kB', 'MB', 'GB'];

export function size(bytes: number): string {
  const unit = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const value = bytes / 1000 ** unit;
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`;
}
