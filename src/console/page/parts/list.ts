import { useEffect, useRef, useState } from 'preact/hooks';
import { html } from '../html.ts';

const ROW = 34;
/** Rows beyond the edges of what is seen. */
const MARGIN = 10;

interface ListProps<T> {
  label: string;
  rows: readonly T[];
  keyOf(row: T): string;
  render(row: T): unknown;
  chosen: string | undefined;
  onChoose(row: T): void;
}

/** A long list, of which only what is seen is made. Arrows, Home, End and j and k move; the chosen row is shown beside. */
export function List<T>({ label, rows, keyOf, render, chosen, onChoose }: ListProps<T>) {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600 });
  useEffect(() => {
    const element = box.current!;
    const measure = () => setView({ top: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, []);
  const at = chosen === undefined ? -1 : rows.findIndex((row) => keyOf(row) === chosen);
  const move = (to: number) => {
    const index = Math.max(0, Math.min(rows.length - 1, to));
    const row = rows[index];
    if (row === undefined) return;
    onChoose(row);
    const element = box.current!;
    if (index * ROW < element.scrollTop) element.scrollTop = index * ROW;
    else if ((index + 1) * ROW > element.scrollTop + element.clientHeight) {
      element.scrollTop = (index + 1) * ROW - element.clientHeight;
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      j: at + 1,
      ArrowUp: at - 1,
      k: at - 1,
      Home: 0,
      End: rows.length - 1,
      PageDown: at + 15,
      PageUp: at - 15,
    };
    const to = steps[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    move(to);
  };
  const first = Math.max(0, Math.floor(view.top / ROW) - MARGIN);
  const last = Math.min(rows.length, Math.ceil((view.top + view.height) / ROW) + MARGIN);
  const shown = rows.slice(first, last);
  const idOf = (index: number) => `${label.replace(/\W/g, '-')}-${index}`;
  return html`<div class="list" ref=${box} role="listbox" aria-label=${label} tabindex="0" aria-activedescendant=${at >= first && at < last ? idOf(at) : undefined} onKeyDown=${onKeyDown}>
    <div role="presentation" class="list-space" style=${{ height: `${rows.length * ROW}px` }}>
      ${shown.map((row, index) => {
        const key = keyOf(row);
        return html`<div key=${key} id=${idOf(first + index)} role="option" aria-selected=${key === chosen} class="list-row" style=${{ transform: `translateY(${(first + index) * ROW}px)` }} onClick=${() => onChoose(row)}>${render(row)}</div>`;
      })}
    </div>
  </div>`;
}
