import { useEffect, useState } from 'preact/hooks';
import { AREAS, areaOf } from './areas/index.ts';
import { AreaBadge, EngineBadge } from './badges.ts';
import { link } from './data/api.ts';
import { linkTo, route } from './data/route.ts';
import { html } from './html.ts';
import { useKeys } from './keys.ts';
import { Dialog } from './parts/dialog.ts';
import { Notice } from './parts/notice.ts';

/** The whole page: areas at the left, one of them beside. */
export function App() {
  const [help, setHelp] = useState(false);
  useKeys(() => setHelp(true));
  const { area } = route.value;
  const { name, View } = areaOf(area);
  useEffect(() => {
    document.title = `${name} · cliffracer`;
    // On a narrow screen the row of areas is longer than what is seen.
    document.querySelector('.areas [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [name]);
  if (link.value === 'no_key') return html`<${NoKey} />`;
  return html`<div class="page">
    <a class="skip" href="#main">To the content</a>
    <nav class="areas" aria-label="Areas">
      <p class="brand">cliffracer</p>
      <ul>${AREAS.map(
        ({ id, name: title }, index) =>
          html`<li key=${id}><a href=${linkTo(id)} aria-current=${area === id ? 'page' : undefined}><kbd aria-hidden="true">${index + 1}</kbd>${title}<${AreaBadge} area=${id} /></a></li>`,
      )}</ul>
      <${EngineBadge} />
      <button type="button" class="button plain help-button" onClick=${() => setHelp(true)}>Keys <kbd>?</kbd></button>
    </nav>
    <main id="main" tabindex="-1"><${Away} /><${View} key=${area} /></main>
    <${Notice} />
    ${help && html`<${Help} onClose=${() => setHelp(false)} />`}
  </div>`;
}

/** The page stays as it is, and goes on by itself. */
function Away() {
  if (link.value === 'engine_away')
    return html`<p class="away" role="alert">The engine does not answer. The page goes on when it is back: <code>cliffracer up</code></p>`;
  if (link.value === 'console_away')
    return html`<p class="away" role="alert">The console has ended. Start it again, and open the address that it shows: <code>cliffracer console --open</code></p>`;
  return null;
}

const NoKey = () =>
  html`<main class="no-key"><h1>cliffracer console</h1><p>This tab has no key. Open the whole address that the terminal shows, with what stands behind <code>#</code>, or</p><p><code>cliffracer console --open</code></p></main>`;

const KEYS = [
  ['1 … 9', 'go to an area'],
  ['/', 'filter'],
  ['↑ ↓, j k', 'move in a list'],
  ['Enter, Space', 'open or press'],
  ['Esc', 'close what is open'],
  ['p', 'pause, and go on, in Flow and Logs'],
  ['?', 'these keys'],
] as const;

const Help = ({ onClose }: { onClose(): void }) =>
  html`<${Dialog} title="Keys" onClose=${onClose}><dl class="facts">${KEYS.map(([key, what]) => html`<dt key=${key}><kbd>${key}</kbd></dt><dd>${what}</dd>`)}</dl></>`;
