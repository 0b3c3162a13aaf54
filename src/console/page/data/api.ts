import { signal } from '@preact/signals';

/** What the server, or the way to it, refused. */
export class ApiError extends Error {
  readonly code: string;
  readonly hint: string | null;

  constructor(code: string, message: string, hint: string | null) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/** How it stands with what is behind the page. */
export type Link = 'ok' | 'no_key' | 'engine_away' | 'console_away';
export const link = signal<Link>('ok');

const KEY = 'cliffracer-key';

/** The key stands behind `#` once: it moves to this tab's storage, and is gone from the address and its history. */
export function takeKey(): void {
  const found = /^#key=([\w-]+)$/.exec(location.hash)?.[1];
  if (found === undefined) return;
  sessionStorage.setItem(KEY, found);
  history.replaceState(null, '', `${location.pathname}#/map`);
  dispatchEvent(new HashChangeEvent('hashchange'));
}

/** Asks the server; rejects with ApiError. */
export async function call<T>(path: string, input: object = {}, signal?: AbortSignal): Promise<T> {
  const key = sessionStorage.getItem(KEY);
  if (key === null) {
    link.value = 'no_key';
    throw new ApiError('credentials', 'this tab has no key', null);
  }
  let response: Response;
  try {
    response = await fetch(`/api/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify(input),
      ...(signal !== undefined && { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    link.value = 'console_away';
    throw new ApiError('console_away', 'the console has ended: start it again', null);
  }
  const answer = (await response.json()) as { error?: { code: string; message: string; hint: string | null } };
  if (response.ok) {
    link.value = 'ok';
    return answer as T;
  }
  const { code = 'internal', message = `HTTP ${response.status}`, hint = null } = answer.error ?? {};
  if (response.status === 401) link.value = 'no_key';
  else if (code === 'engine_unreachable') link.value = 'engine_away';
  throw new ApiError(code, message, hint);
}
