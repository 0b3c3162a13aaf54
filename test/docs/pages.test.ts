import { readdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { compare, type Ids } from './compare.ts';
import { type Block, type Page, ROOT, readPage, type ShownCommand } from './page.ts';
import { type Printed, Reader } from './reader.ts';
import { rewritten, withOutputs } from './rewrite.ts';

/** `npm run test:docs`: blocks that take long or need another program are run too. */
const IN_CI = process.env.CLIFFRACER_DOCS === 'all';
/** `npm run docs -- --write`: outputs that differ are put into the page instead. */
const WRITE = process.env.CLIFFRACER_DOCS_WRITE === '1';

const PAGES = ['README.md', ...readdirSync(resolve(ROOT, 'docs')).map((name) => `docs/${name}`)]
  .filter((file) => file.endsWith('.md'))
  .map(readPage)
  .filter(({ blocks }) => blocks.length > 0);

const isRun = ({ mark }: Block): boolean => mark === undefined || (mark.run === 'in CI' && IN_CI);

let reader: Reader;
beforeEach(async () => {
  reader = await Reader.open({ realTime: WRITE });
});
afterEach(() => reader.close());

describe('every command of a page, from top to bottom, prints what the page shows', () => {
  test.each(PAGES.map((page) => [page.file, page] as const))('%s', typeAll, 300_000);

  for (const { file, blocks } of PAGES) {
    for (const { line, mark } of blocks.filter((block) => !isRun(block))) {
      if (mark?.run === 'in CI') test.skip(`${file}:${line} ${mark.reason}: npm run test:docs`, () => {});
    }
  }
});

test('the blocks that are run in CI only, or never', () => {
  const marks = PAGES.flatMap(({ file, blocks }) =>
    blocks.flatMap(({ mark }) => (mark === undefined ? [] : [`${file} ${mark.run}: ${mark.reason}`])),
  );
  expect(marks).toMatchInlineSnapshot(`
    [
      "docs/aws.md never: somebody has changed a queue",
      "docs/engine.md in CI: needs the AWS CLI",
      "docs/engine.md in CI: needs curl",
      "docs/engines.md never: needs Docker",
      "docs/engines.md never: needs LocalStack",
      "docs/intercept.md in CI: needs curl",
      "docs/reliability.md in CI: takes some seconds",
      "docs/reliability.md never: takes four minutes",
      "docs/reliability.md in CI: takes some seconds",
    ]
  `);
});

async function typeAll(_: string, page: Page): Promise<void> {
  const outputs: (string[] | undefined)[] = [];
  let ids: Ids = new Map();
  for (const block of page.blocks) {
    if (block.file !== undefined) reader.write(block.file);
    for (const [index, command] of block.commands.entries()) {
      const printed = isRun(block) ? await reader.type(command.text, ids) : undefined;
      if (printed !== undefined) expectCode(page, command, printed, block.commands[index + 1]);
      // A command whose output the page does not show.
      const shown = printed === undefined || command.output.length === 0 ? undefined : command.output;
      const result = shown && compare(shown, printed!.lines, ids);
      if (result?.same) ids = result.ids;
      else if (result !== undefined && !WRITE) throw new Error(difference(page, command, printed!.lines, result.line));
      const lines = result?.same === false ? rewritten(shown!, printed!.lines, ids) : undefined;
      const now = lines && compare(lines, printed!.lines, ids);
      if (now?.same) ids = now.ids;
      outputs.push(lines);
    }
  }
  if (outputs.some((lines) => lines !== undefined)) writeFileSync(resolve(ROOT, page.file), withOutputs(page, outputs));
}

/** A page that shows a command which fails says so: the next one is \`echo $?\`. */
function expectCode({ file }: Page, { text, from }: ShownCommand, { code, lines }: Printed, next?: ShownCommand): void {
  if (code === 0 || next?.text === 'echo $?') return;
  throw new Error([`${file}:${from}: exit code ${code} of ${text}`, ...lines].join('\n'));
}

function difference({ file }: Page, { text, output, from }: ShownCommand, real: readonly string[], at: number): string {
  const shown = output[at] ?? 'nothing more';
  return [
    `${file}:${from + at + 1}: ${text}`,
    `the page shows  ${shown}`,
    'it prints now (npm run docs -- --write puts it into the page)',
    ...real,
  ].join('\n');
}
