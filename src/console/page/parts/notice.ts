import { signal } from '@preact/signals';
import { ApiError, call } from '../data/api.ts';
import { html } from '../html.ts';

const shown = signal<{ text: string; bad: boolean } | undefined>(undefined);
let timer: ReturnType<typeof setTimeout> | undefined;

export function tell(text: string, bad = false): void {
  shown.value = { text, bad };
  clearTimeout(timer);
  timer = setTimeout(
    () => {
      shown.value = undefined;
    },
    bad ? 10_000 : 4_000,
  );
}

/** Asks for a change, and tells how it went; undefined when it was refused. */
export async function change<T>(
  path: string,
  input: object,
  done: string | ((answer: T) => string),
): Promise<T | undefined> {
  try {
    const answer = await call<T>(path, input);
    tell(typeof done === 'string' ? done : done(answer));
    return answer;
  } catch (error) {
    const hint = error instanceof ApiError && error.hint ? ` – try: ${error.hint}` : '';
    tell(`${(error as Error).message}${hint}`, true);
    return undefined;
  }
}

export const Notice = () =>
  html`<div class="notice" role="status" aria-live="polite">${shown.value && html`<p class=${shown.value.bad ? 'bad' : ''}>${shown.value.text}</p>`}</div>`;
