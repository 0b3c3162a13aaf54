import { useEffect, useRef, useState } from 'preact/hooks';
import { passages, version } from '../data/feed.ts';
import { count } from '../data/format.ts';
import { go, route } from '../data/route.ts';
import { useQueues, useTopics } from '../data/system.ts';
import { html } from '../html.ts';
import { Empty, Problem } from '../parts/controls.ts';
import { LAYERS, layOut, type Place, type Way } from './map-layout.ts';
import { PlacePanel } from './place-panel.ts';

const ROW = 76;
const HEIGHT = 56;
const HEAD = 32;
const GAP = 72;
/** How long a way stays lit after something passed. */
const FRESH_MS = 4_000;
/** Narrower than this, columns stand below each other, without lines between them. */
const NARROW = 640;

/** What there is and what passes between it. */
export function MapArea() {
  version.value;
  const queues = useQueues();
  const topics = useTopics();
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(960);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(entry!.contentRect.width));
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, []);
  const { places, ways } = layOut({
    queues: queues.data?.queues ?? [],
    topics: topics.data?.topics ?? [],
    passages: passages.all.values(),
  });
  const chosen = route.value.chosen.length === 0 ? undefined : route.value.chosen.join('/');
  const place = places.find(({ id }) => id === chosen);
  const draw = { places, ways, chosen, width };
  const empty = places.length === 0 && queues.data !== undefined;
  return html`<div class="area split ${place === undefined ? '' : 'detail-open'}">
    <section class="pane grow master" aria-label="Map">
      <header class="head"><h1>Map</h1><span class="dim">${summary(places)}</span></header>
      <${Problem} error=${queues.error} />
      <div ref=${box} class="map-box">
        ${empty && html`<${Empty}>Nothing is there yet: <code>cliffracer provision</code> makes the shop, and your own programs make what they need.</>`}
        ${width < NARROW ? html`<${Columns} ...${draw} />` : html`<${Drawing} ...${draw} />`}
      </div>
    </section>
    ${place && html`<${PlacePanel} place=${place} ways=${ways} />`}
  </div>`;
}

function summary(places: readonly Place[]): string {
  const sum = (of: (place: Place) => number) => places.reduce((total, place) => total + of(place), 0);
  const ready = sum(({ queue }) => queue?.ready ?? 0);
  const flight = sum(({ queue }) => queue?.in_flight ?? 0);
  const dead = sum(({ dead: letters }) => letters ?? 0);
  return `${count(ready)} ready · ${count(flight)} in flight · ${count(dead)} dead`;
}

interface Draw {
  places: readonly Place[];
  ways: readonly Way[];
  chosen: string | undefined;
  width: number;
}

const Columns = ({ places, chosen }: Draw) =>
  html`${LAYERS.map(
    ([layer, title]) =>
      html`<h2 class="column-title" key=${layer}>${title}</h2><div class="column">${places
        .filter((place) => place.layer === layer)
        .map((place) => html`<${Card} key=${place.id} place=${place} chosen=${place.id === chosen} />`)}</div>`,
  )}`;

function Drawing({ places, ways, chosen, width }: Draw) {
  const used = LAYERS.filter(([layer]) => places.some((place) => place.layer === layer));
  const columns = Math.max(1, used.length);
  const card = Math.min(240, (width - Math.min(GAP, width / 18) * (columns - 1)) / columns);
  const left = (place: Place) =>
    used.findIndex(([layer]) => layer === place.layer) * (card + (width - card * columns) / Math.max(1, columns - 1));
  const top = (place: Place) => HEAD + place.row * ROW;
  const byId = new Map(places.map((place) => [place.id, place]));
  const height = HEAD + (Math.max(0, ...places.map(({ row }) => row)) + 1) * ROW;
  const lately = performance.now() - FRESH_MS;
  return html`<div class="drawing" style=${{ height: `${height}px` }}>
    <svg aria-hidden="true" width=${width} height=${height}>
      ${ways.map((way) => {
        const [from, to] = [byId.get(way.from)!, byId.get(way.to)!];
        const [x1, y1, x2, y2] = [left(from) + card, top(from) + HEIGHT / 2, left(to), top(to) + HEIGHT / 2];
        const bend = (x2 - x1) / 2;
        const looks = [
          chosen === way.from || chosen === way.to ? 'chosen' : '',
          way.seen > 0 && way.seen > lately ? 'fresh' : '',
        ];
        return html`<path key=${`${way.from} ${way.to}`} class="way ${looks.join(' ')}" d=${`M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`} />`;
      })}
    </svg>
    ${used.map(([layer, title]) => {
      const first = places.find((place) => place.layer === layer)!;
      return html`<h2 key=${layer} class="column-title" style=${{ left: `${left(first)}px` }}>${title}</h2>`;
    })}
    ${places.map(
      (place) =>
        html`<div key=${place.id} class="placed" style=${{ left: `${left(place)}px`, top: `${top(place)}px`, width: `${card}px` }}><${Card} place=${place} chosen=${place.id === chosen} /></div>`,
    )}
  </div>`;
}

const PASSED: Readonly<Record<string, (id: string) => number>> = {
  topic: (id) => sumOf(({ to }) => to === id),
  caller: (id) => sumOf(({ to }) => to === id),
  store: (id) => sumOf(({ to }) => to === id),
};

function sumOf(is: (passage: { from: string; to: string }) => boolean): number {
  let sum = 0;
  for (const passage of passages.all.values()) if (is(passage)) sum += passage.count;
  return sum;
}

const UNITS: Readonly<Record<string, string>> = { topic: 'published', caller: 'received', store: 'writes' };

function Card({ place, chosen }: { place: Place; chosen: boolean }) {
  const { id, name, layer, queue, dead = 0 } = place;
  const choose = () => go('map', chosen ? [] : [id.slice(0, id.indexOf('/')), id.slice(id.indexOf('/') + 1)]);
  const looks = [chosen ? 'chosen' : '', queue?.hold ? 'held' : '', dead > 0 ? 'dead' : ''].join(' ');
  return html`<button type="button" class="card ${layer} ${looks}" aria-pressed=${chosen} onClick=${choose}>
    <span class="name" title=${name}>${name}</span>
    <span class="counts">${
      queue === undefined
        ? html`<span class="dim">${count(PASSED[layer]!(id))} ${UNITS[layer]}</span>`
        : html`<b class=${queue.ready > 0 ? '' : 'dim'}>${count(queue.ready)}</b><span class="dim"> ready</span>${
            queue.in_flight > 0 && html`<span> · ${count(queue.in_flight)} in flight</span>`
          }${queue.hold && html`<span class="held-text"> · ${count(queue.held)} held</span>`}${
            dead > 0 && html`<span class="dead-text"> · ${count(dead)} dead</span>`
          }`
    }</span>
  </button>`;
}
