import { computed, signal } from '@preact/signals';

const hash = signal(location.hash);
addEventListener('hashchange', () => {
  hash.value = location.hash;
});

/** `#/queues/jobs?state=ready`: an area, what is chosen in it, and how it is shown. */
export const route = computed(() => {
  const [path = '', query = ''] = hash.value.replace(/^#\/?/, '').split('?', 2);
  const [area = '', ...chosen] = path.split('/').map(decoded);
  return { area: area || 'map', chosen, query: new URLSearchParams(query) };
});

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function linkTo(area: string, chosen: readonly string[] = [], query: Record<string, string> = {}): string {
  const path = [area, ...chosen].map(encodeURIComponent).join('/');
  const parameters = new URLSearchParams(query).toString();
  return `#/${path}${parameters === '' ? '' : `?${parameters}`}`;
}

export function go(area: string, chosen: readonly string[] = [], query: Record<string, string> = {}): void {
  location.hash = linkTo(area, chosen, query);
}
