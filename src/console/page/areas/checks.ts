import { useState } from 'preact/hooks';
import type { CounterexampleView } from '../../../lab/check/document.ts';
import { disturbanceText, FLAKY, notesOf, notTriedLines, remedyText, stuckText } from '../../../lab/check/words.ts';
import type { CheckState } from '../../server/routes/check.ts';
import { whyNoLaboratory } from '../data/about.ts';
import { count } from '../data/format.ts';
import { useLoaded } from '../data/loading.ts';
import { html } from '../html.ts';
import { Button, Copy, Empty, Greyed, Problem } from '../parts/controls.ts';
import { change } from '../parts/notice.ts';
import { TraceTree } from './trace-tree.ts';

interface Answer {
  experiments: string[];
  check: CheckState | null;
}

/** Proves the consumers that poll: which experiments, how far, and what broke. */
export function ChecksArea() {
  const reason = whyNoLaboratory();
  const { data, error, reload } = useLoaded<Answer>('check', reason === undefined ? {} : undefined, 1_000);
  const [left, setLeft] = useState<readonly string[]>([]);
  if (reason !== undefined) return html`<div class="area"><${Greyed} reason=${reason} /></div>`;
  const { experiments = [], check = null } = data ?? {};
  const only = experiments.filter((each) => !left.includes(each));
  const start = async () => {
    await change('check/start', { only }, 'The check runs');
    reload();
  };
  const stop = async () => {
    await change('check/stop', {}, 'The check stops');
    reload();
  };
  return html`<div class="area"><section class="pane grow" aria-label="Checks">
    <header class="head"><h1>Checks</h1></header>
    <p class="prose">Takes the messages that wait and has every consumer that polls handle them again and again, each time with one disturbance, from the same snapshot. What does not end as the undisturbed run did is a counterexample. Hold a queue before you send, lest its consumer takes the message at once.</p>
    <${Problem} error=${error} />
    <fieldset class="choices"><legend>Experiments</legend>${experiments.map(
      (each) =>
        html`<label key=${each}><input type="checkbox" checked=${!left.includes(each)} onChange=${() => setLeft(left.includes(each) ? left.filter((one) => one !== each) : [...left, each])} />${each}</label>`,
    )}</fieldset>
    <div class="bar">${check?.running ? html`<${Button} writes onClick=${stop}>Stop</>` : html`<${Button} look="primary" writes disabled=${only.length === 0} onClick=${start}>Run</>`}</div>
    ${check && html`<${State} check=${check} />`}
  </section></div>`;
}

function State({ check }: { check: CheckState }) {
  const { running, cases, tried, failed, verdict, error } = check;
  return html`${running && html`<p class="progress"><progress max=${cases ?? undefined} value=${cases === null ? undefined : tried} aria-label="Runs"></progress> ${cases === null ? 'undisturbed runs first' : `${count(tried)} of ${count(cases)}`}${failed.length > 0 && html`, <span class="dead-text">${count(failed.length)} did not hold</span>`}</p>`}
    ${error && html`<p class="problem" role="alert">${error}</p>`}
    ${
      verdict &&
      html`<h2>${verdict.failures.length === 0 ? 'All held' : `${count(verdict.failures.length)} counterexample${verdict.failures.length === 1 ? '' : 's'}`}</h2>
      ${[...notesOf(verdict), ...notTriedLines(verdict.not_tried)].map((note) => html`<p key=${note} class="dim">${note}</p>`)}
      <table class="rows"><thead><tr><th scope="col">Experiment</th><th scope="col" class="num">Runs</th><th scope="col" class="num">Held</th><th scope="col" class="num">Failed</th><th scope="col" class="num">Not tried</th></tr></thead><tbody>${verdict.tallies.map(
        ({ experiment, runs, held, failed: broken, not_tried: left }) =>
          html`<tr key=${experiment}><th scope="row">${experiment}</th><td class="num">${count(runs)}</td><td class="num">${count(held)}</td><td class="num ${broken > 0 ? 'dead-text' : 'dim'}">${count(broken)}</td><td class="num dim">${count(left)}</td></tr>`,
      )}</tbody></table>
      ${verdict.failures.map((each) => html`<${Failure} key=${each.id} failure=${each} />`)}
      ${verdict.failures.length === 0 && verdict.tallies.every(({ runs }) => runs === 0) && html`<${Empty}>Nothing was tried: no message waited, or nobody polls.</>`}`
    }`;
}

function Failure({ failure }: { failure: CounterexampleView }) {
  const {
    id,
    differences,
    violations,
    lost,
    like,
    stuck,
    swallowed,
    flaky,
    trace,
    message_id: message = '',
    command,
  } = failure;
  const wrong = [
    ...(flaky ? [FLAKY] : []),
    ...(stuck === undefined ? [] : [stuckText(stuck)]),
    ...(swallowed ? ['it was deleted, and lies in no dead-letter queue: nobody will know of it'] : []),
    ...violations.map(({ invariant, why }) => `${invariant} does not hold: ${why}`),
    ...lost.map(({ place, message_id, detail }) => `${place}, ${message_id}: ${detail}`),
  ];
  return html`<article class="counterexample"><header class="head"><h3>${disturbanceText(failure)}</h3><span class="grow"></span><${Copy} text=${command}>Copy the command</></header>
    ${wrong.map((text) => html`<p key=${text} class="dead-text">${text}</p>`)}
    <dl class="changes wide">${differences
      .slice(0, 100)
      .map(
        ({ place, key, path, before, after }, index) =>
          html`<dt key=${index} class="mono">${place}${key !== null && ` ${key}`}${path !== '' && `: ${path}`}</dt><dd><del>${before ?? 'nothing'}</del> → <ins>${after ?? 'nothing'}</ins></dd>`,
      )}</dl>
    ${trace && html`<details><summary>What became of the message</summary><${TraceTree} trace=${trace} chosen=${message} /></details>`}
    <p>What usually mends it: ${remedyText(failure)}.</p>
    <p class="dim mono">${id}${like.length > 0 && `, and so do ${like.join(', ')}`}</p>
    <p class="dim"><code>${command}</code></p></article>`;
}
