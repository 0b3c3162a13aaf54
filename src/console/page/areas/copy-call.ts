import { call } from '../data/api.ts';
import { html } from '../html.ts';
import { Button } from '../parts/controls.ts';
import { tell } from '../parts/notice.ts';

interface Repeated {
  cli: string;
  sdk: string | null;
  curl: string | null;
}

const FORMS = [
  ['cli', 'AWS CLI'],
  ['sdk', 'SDK'],
  ['curl', 'curl'],
] as const;

/** Copies a call of the log as something that makes it again. */
export function CopyCall({ seq }: { seq: number }) {
  const copy = async (form: keyof Repeated, name: string) => {
    try {
      const text = (await call<Repeated>('call', { seq }))[form];
      if (text === null) return tell(`This service takes nothing that ${name} could send`, true);
      await navigator.clipboard.writeText(text);
      tell(`Copied for ${name}`);
    } catch (error) {
      tell((error as Error).message, true);
    }
  };
  return html`<div class="bar copy-call"><span class="dim">Copy the call as</span>${FORMS.map(
    ([form, name]) => html`<${Button} key=${form} onClick=${() => copy(form, name)}>${name}</>`,
  )}</div>`;
}
