import { render } from 'preact';
import '@preact/signals';
import './style/index.css';
import { App } from './app.ts';
import { loadAbout } from './data/about.ts';
import { takeKey } from './data/api.ts';
import { followFeed } from './data/feed.ts';
import { html } from './html.ts';

takeKey();
// A key that is pasted behind an address which is open already does not load the page again.
addEventListener('hashchange', () => {
  if (location.hash.startsWith('#key=')) location.reload();
});

/** The page is there at once; what it shows comes as soon as it is known. */
async function start(): Promise<void> {
  for (;;) {
    try {
      await loadAbout();
      break;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }
  void followFeed();
}

void start();
render(html`<${App} />`, document.getElementById('app')!);
