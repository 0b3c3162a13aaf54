import { useState } from 'preact/hooks';
import type { LogLine } from '../../../lab/stores/port.ts';
import { clockTime, count, indented } from '../data/format.ts';
import { useLoaded } from '../data/loading.ts';
import { linkTo, route } from '../data/route.ts';
import { html } from '../html.ts';
import { Button, Choice, Copy, Empty, Field, Problem } from '../parts/controls.ts';
import { List } from '../parts/list.ts';

const EVERY_MS = 2_000;

/** The lines of a log group as they come, by CloudWatch Logs' filter patterns. */
export function LogsArea() {
  const groups = useLoaded<{ groups: { group: string; bytes: number }[] }>('logs', {}, 30_000);
  const [picked, setPicked] = useState<string | undefined>(undefined);
  const [typed, setTyped] = useState(route.value.query.get('pattern') ?? '');
  const [pattern, setPattern] = useState(typed);
  const [tail, setTail] = useState(true);
  const [chosen, setChosen] = useState<LogLine | undefined>(undefined);
  const group = picked ?? groups.data?.groups[0]?.group;
  const { data, error } = useLoaded<{ lines: LogLine[]; truncated: boolean }>(
    'logs/lines',
    group === undefined ? undefined : { group, pattern },
    tail ? EVERY_MS : undefined,
  );
  const rows = [...(data?.lines ?? [])].reverse();
  const options = (groups.data?.groups ?? []).map(({ group: each }) => [each, each] as const);
  const search = (text: string) => {
    setTyped(text);
    setPattern(text);
  };
  return html`<div class="area split ${chosen === undefined ? '' : 'detail-open'}">
    <section class="pane grow master" aria-label="Logs">
      <header class="head"><h1>Logs</h1><span class="dim">${count(rows.length)} lines${data?.truncated && ', the newest'}</span><span class="grow"></span><${Button} onClick=${() => setTail(!tail)}>${tail ? 'Pause' : 'Go on'}</></header>
      <div class="bar query">${options.length > 1 && html`<${Choice} label="Group" quiet value=${group ?? ''} options=${options} onInput=${setPicked} />`}<${Field} label="Filter pattern" quiet filter mono value=${typed} placeholder='Filter pattern: error, or { $.attempt > 1 }' onInput=${setTyped} onEnter=${() => setPattern(typed)} /><${Button} onClick=${() => setPattern(typed)}>Search</></div>
      <${Problem} error=${groups.error ?? error} />
      ${groups.data?.groups.length === 0 && html`<${Empty}>There is no log group.</>`}
      ${data && rows.length === 0 && html`<${Empty}>No line is like this.</>`}
      <${List} label="Log lines" rows=${rows} keyOf=${(line: LogLine) => line.id} chosen=${chosen?.id} onChoose=${setChosen} render=${logRow} />
    </section>
    ${chosen && html`<${LinePanel} line=${chosen} search=${search} onClose=${() => setChosen(undefined)} />`}
  </div>`;
}

const members = (message: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(message);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {};
  } catch {
    return {};
  }
};

const text = (value: unknown) => (typeof value === 'string' ? value : undefined);

function logRow({ at, stream, message }: LogLine) {
  const { level, action, message: said } = members(message);
  const line = text(action) === undefined ? message : [text(action), text(said)].filter(Boolean).join(' – ');
  return html`<span class="log-row"><span class="num dim">${clockTime(at)}</span><span class="level ${text(level) ?? ''}">${text(level) ?? ''}</span><span class="dim">${stream}</span><span class="mono" title=${message}>${line}</span></span>`;
}

interface PanelProps {
  line: LogLine;
  search(pattern: string): void;
  onClose(): void;
}

/** One line, its correlation id, and the way to what it is about. */
function LinePanel({ line, search, onClose }: PanelProps) {
  const found = members(line.message);
  const correlation = text(found.correlation_id) ?? text(found.correlationId);
  const about = text(found.message_id) ?? text(found.order_id) ?? text(found.event_id);
  return html`<aside class="pane side wide detail" aria-label="The chosen line"><header class="head"><h2>${clockTime(line.at)}</h2><span class="dim">${line.stream}</span><button type="button" class="button plain close" aria-label="Close" onClick=${onClose}>✕</button></header>
    <div class="bar">${correlation && html`<${Button} onClick=${() => search(`{ $.correlation_id = ${JSON.stringify(correlation)} }`)}>Same correlation id</>`}${about && html`<a class="button plain" href=${linkTo('flow', [about])}>Show the trace</a>`}<${Copy} text=${line.message} /></div>
    <pre class="content">${indented(line.message)}</pre></aside>`;
}
