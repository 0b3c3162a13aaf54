// The results as Markdown.
const whole = (value) => (value === undefined ? '-' : Math.round(value).toLocaleString('en-US'));
const mebibytes = (bytes) => (bytes === undefined ? '-' : `${Math.round(bytes / 1024 / 1024)} MiB`);

function table(head, rows) {
  const lines = [head, head.map(() => '---'), ...rows];
  return `${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}

/** Engines that it has to be three times as fast as, and those that it has to be faster than. */
const THRICE = ['MiniStack', 'moto', 'LocalStack'];

/** An engine that is so many times slower takes one round of a row. */
export const FAR_BEHIND = 5;

function verdict(medians) {
  const own = medians.get('cliffracer');
  const ratios = [...medians].flatMap(([name, rate]) =>
    name === 'cliffracer' || rate === undefined ? [] : [{ name, ratio: own / rate }],
  );
  const slower = ratios.filter(({ name, ratio }) => ratio < (THRICE.includes(name) ? 3 : 1));
  return slower.length === 0
    ? 'yes'
    : `**no** (${slower.map(({ name, ratio }) => `${name} ${ratio.toFixed(1)}`).join(', ')})`;
}

const ofOneRound = ({ rounds }) =>
  rounds === 1 ? '' : ` (of one round where an engine is more than ${FAR_BEHIND} times slower than cliffracer)`;

export function printReport({ candidates, rows, grown, machine, settings, quick }) {
  const names = candidates.map(({ engine }) => engine.name);
  const versions = candidates.map(({ engine, made }) => `${engine.name} ${made.version}`).join(', ');
  const rates = rows.map(({ row, concurrency, medians }) => [
    row,
    concurrency,
    ...names.map((name) => whole(medians.get(name))),
    ...(medians.has('cliffracer') ? [verdict(medians)] : []),
  ]);
  const own = names.includes('cliffracer') ? ['reached'] : [];
  const start = candidates.map(({ engine, readyMs, footprint }) => [
    engine.name,
    `${Math.round(readyMs)} ms`,
    mebibytes(footprint.idle),
    mebibytes(footprint.filled) + (footprint.sent < settings.messages ? ` (${whole(footprint.sent)})` : ''),
  ]);
  const growthRows = grown.map(({ name, what, few, many, bytes }) => [
    name,
    what,
    whole(few),
    whole(many),
    (many / few).toFixed(2),
    mebibytes(bytes),
  ]);
  return [
    `\`npm run bench:engine${quick ? ' -- --quick' : ''}\` on ${machine}: ${versions}.`,
    '',
    `Operations a second, medians of ${settings.rounds} rounds of ${settings.ms / 1000} s${ofOneRound(settings)}.`,
    '',
    table(['operation', 'at a time', ...names, ...own], rates),
    table(
      ['engine', 'start to the first answer', 'memory, idle', `memory, ${whole(settings.messages)} messages`],
      start,
    ),
    ...(grown.length === 0
      ? []
      : [
          table(
            ['operation, 1 at a time', 'stored', 'with 100', `with ${whole(settings.stored)}`, 'ratio', 'memory then'],
            growthRows,
          ),
        ]),
  ].join('\n');
}
