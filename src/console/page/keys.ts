import { useEffect } from 'preact/hooks';
import { AREAS } from './areas/index.ts';
import { live } from './data/feed.ts';
import { go, route } from './data/route.ts';

const TYPING = new Set(['INPUT', 'TEXTAREA', 'SELECT']);

/** Keys that work everywhere but in a field. */
export function useKeys(onHelp: () => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]') !== null) return;
      if (event.key === 'Escape') leave(target);
      else if (!TYPING.has(target.tagName)) press(event, onHelp);
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, []);
}

function press(event: KeyboardEvent, onHelp: () => void): void {
  const area = /^[1-9]$/.test(event.key) ? AREAS[Number(event.key) - 1] : undefined;
  if (area !== undefined) go(area.id);
  else if (event.key === '?') onHelp();
  else if (event.key === 'p') live.value = !live.value;
  else if (event.key === '/') {
    const filter = document.querySelector<HTMLInputElement>('[data-filter]');
    if (filter === null) return;
    event.preventDefault();
    filter.focus();
    filter.select();
  }
}

/** Out of a field first, then out of what is chosen. */
function leave(target: HTMLElement): void {
  const { area, chosen } = route.value;
  if (TYPING.has(target.tagName)) target.blur();
  else if (chosen.length > 0) go(area, area === 's3' && chosen.length > 1 ? [chosen[0]!] : []);
}
