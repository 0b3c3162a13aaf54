import type { HealthView } from './engine.ts';
import type { HealthOutcome } from './junit.ts';
import { duration, safe } from './text.ts';

/** GitHub Actions' workflow commands: one annotation for each service that is not ready. */
export function annotations(outcome: HealthOutcome): string {
  const lines =
    'failure' in outcome
      ? [annotation('health', 'engine', outcome.failure)]
      : outcome.services
          .filter(({ state }) => state !== 'ready')
          .map(({ service, state, error, reported }) =>
            annotation('health', service, error ?? `${state} (${reported})`),
          );
  return lines.join('');
}

/** What a command found wrong, as GitHub shows it beside a step. */
export const annotation = (command: string, title: string, text: string) =>
  `::error title=cliffracer ${command}%3A ${escaped(title).replaceAll(',', '%2C').replaceAll(':', '%3A')}::${escaped(text)}\n`;

/** As GitHub's own toolkit escapes the data of a command; what would act on the terminal that shows the log is made visible. */
const escaped = (text: string) =>
  text
    .split(/\r\n|[\r\n]/)
    .map(safe)
    .join('\n')
    .replaceAll('%', '%25')
    .replaceAll('\n', '%0A');

/** Markdown for the job's summary page. */
export function summary(outcome: HealthOutcome): string {
  if ('failure' in outcome) return `### cliffracer health: failed\n\n${cell(outcome.failure)}\n`;
  const about = [...new Set([outcome.engine, outcome.edition, outcome.version])].filter(Boolean).join(' ');
  const rows = outcome.services.map(row);
  const verdict = outcome.healthy ? 'healthy' : 'not ready';
  return [
    `### cliffracer health: ${cell(about)} is ${verdict}`,
    '',
    '| service | state | latency | cause |',
    '|---|---|--:|---|',
    ...rows,
    '',
  ].join('\n');
}

const row = ({ service, state, latencyMs, error }: HealthView['services'][number]) =>
  `| ${service} | ${state === 'ready' ? '✅' : '❌'} ${state} | ${latencyMs === undefined ? '' : duration(latencyMs)} | ${cell(error ?? '')} |`;

export const cell = (text: string) =>
  safe(text.replace(/[\r\n]+/g, ' ')).replace(/[|<>`\\]/g, (mark) => `&#${mark.charCodeAt(0)};`);
