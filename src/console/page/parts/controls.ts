import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { whyNoLaboratory, whyReadOnly } from '../data/about.ts';
import type { ApiError } from '../data/api.ts';
import { html } from '../html.ts';

interface ButtonProps {
  onClick(): unknown;
  children?: ComponentChildren;
  /** `plain`, or `danger` for what cannot be undone. */
  look?: 'plain' | 'danger' | 'primary';
  /** Changes something. */
  writes?: boolean;
  /** Only the embedded engine can. */
  laboratory?: boolean;
  disabled?: boolean;
  title?: string;
  label?: string;
}

/** A button; greyed, with the reason, where the engine cannot or the console may not. While its work runs it waits. */
export function Button({ onClick, children, look = 'plain', writes, laboratory, disabled, title, label }: ButtonProps) {
  const [busy, setBusy] = useState(false);
  const reason = (laboratory ? whyNoLaboratory() : undefined) ?? (writes ? whyReadOnly() : undefined);
  const act = async () => {
    setBusy(true);
    try {
      await onClick();
    } finally {
      setBusy(false);
    }
  };
  const off = disabled === true || busy || reason !== undefined;
  return html`<button type="button" class="button ${look}" disabled=${off} title=${reason ?? title} aria-label=${label} aria-busy=${busy} onClick=${act}>${children}</button>`;
}

/** Shows that something was copied. */
export function Copy({ text, children, label }: { text: string; children?: ComponentChildren; label?: string }) {
  const [done, setDone] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setDone(true);
    setTimeout(() => setDone(false), 1_200);
  };
  return html`<${Button} onClick=${copy} label=${label}>${done ? 'Copied' : (children ?? 'Copy')}</>`;
}

interface FieldProps {
  label: string;
  value: string;
  onInput(value: string): void;
  placeholder?: string;
  /** Shown to screen readers only. */
  quiet?: boolean;
  /** What `/` goes to. */
  filter?: boolean;
  onEnter?(): void;
  mono?: boolean;
}

export function Field({ label, value, onInput, placeholder, quiet, filter, onEnter, mono }: FieldProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') onEnter?.();
  };
  return html`<label class="field ${quiet ? 'quiet' : ''}"><span>${label}</span><input class=${mono ? 'mono' : ''} type="text" spellcheck=${false} autocomplete="off" data-filter=${filter ? '' : undefined} value=${value} placeholder=${placeholder} onKeyDown=${onKeyDown} onInput=${(event: InputEvent) => onInput((event.target as HTMLInputElement).value)} /></label>`;
}

interface ChoiceProps {
  label: string;
  value: string;
  options: readonly (readonly [value: string, text: string])[];
  onInput(value: string): void;
  quiet?: boolean;
}

export function Choice({ label, value, options, onInput, quiet }: ChoiceProps) {
  return html`<label class="field ${quiet ? 'quiet' : ''}"><span>${label}</span><select value=${value} onChange=${(event: Event) => onInput((event.target as HTMLSelectElement).value)}>${options.map(
    ([each, text]) => html`<option key=${each} value=${each} selected=${each === value}>${text}</option>`,
  )}</select></label>`;
}

interface TabsProps {
  label: string;
  value: string;
  options: readonly (readonly [value: string, text: string])[];
  onInput(value: string): void;
}

/** A row of choices of which one holds. */
export function Tabs({ label, value, options, onInput }: TabsProps) {
  return html`<div class="tabs" role="group" aria-label=${label}>${options.map(
    ([each, text]) =>
      html`<button type="button" key=${each} aria-pressed=${each === value} onClick=${() => onInput(each)}>${text}</button>`,
  )}</div>`;
}

export function TextArea({
  label,
  value,
  onInput,
  rows = 10,
}: {
  label: string;
  value: string;
  onInput(value: string): void;
  rows?: number;
}) {
  return html`<label class="field tall"><span>${label}</span><textarea class="mono" spellcheck=${false} rows=${rows} value=${value} onInput=${(event: InputEvent) => onInput((event.target as HTMLTextAreaElement).value)}></textarea></label>`;
}

/** What went wrong, and what helps. */
export function Problem({ error }: { error: ApiError | undefined }) {
  if (error === undefined) return null;
  return html`<p class="problem" role="alert">${error.message}${error.hint && html` <span class="dim">try: <code>${error.hint}</code></span>`}</p>`;
}

export const Empty = ({ children }: { children: ComponentChildren }) => html`<p class="empty">${children}</p>`;

/** An area that only the embedded engine has. */
export const Greyed = ({ reason }: { reason: string }) =>
  html`<div class="greyed"><p>${reason}</p><p class="dim"><code>cliffracer up --engine embedded --port 0</code></p></div>`;
