import { expect, test } from 'vitest';
import { parsePage } from './page.ts';
import { rewritten, withOutputs } from './rewrite.ts';

const PAGE = parsePage(
  'page.md',
  `# A page

\`\`\`console
$ cliffracer up \\
    --seed 1      # a comment
started in 3 ms

$ cliffracer down
\`\`\`

<!-- not run: needs Docker -->
\`\`\`console
$ cliffracer ps
one
…
three
\`\`\`
`,
);

test('commands and what they show, with marks, comments and continued lines', () => {
  expect(PAGE.blocks).toEqual([
    {
      line: 3,
      commands: [
        { text: 'cliffracer up --seed 1', output: ['started in 3 ms'], from: 5, to: 6 },
        { text: 'cliffracer down', output: [], from: 8, to: 8 },
      ],
    },
    {
      line: 12,
      mark: { run: 'never', reason: 'needs Docker' },
      commands: [{ text: 'cliffracer ps', output: ['one', '…', 'three'], from: 13, to: 16 }],
    },
  ]);
});

test('a file that the page shows whole', () => {
  const { blocks } = parsePage('page.md', '<!-- file: a/b.json -->\n```json\n{\n}\n```\n\n```json\n[]\n```\n');
  expect(blocks).toEqual([{ line: 2, file: { name: 'a/b.json', text: '{\n}\n' }, commands: [] }]);
});

test('other outputs are put in their places', () => {
  const text = withOutputs(PAGE, [['a', 'b'], undefined, ['c']]);
  expect(text.split('\n').slice(2)).toEqual([
    ...['```console', '$ cliffracer up \\', '    --seed 1      # a comment', 'a', 'b', '', '$ cliffracer down', '```'],
    ...['', '<!-- not run: needs Docker -->', '```console', '$ cliffracer ps', 'c', '```', ''],
  ]);
});

test.each([
  ['all of it', ['old'], ['new', 'more'], ['new', 'more']],
  ['what was left out', ['one', '…', 'three'], ['one', 'two', 'three'], ['one', '…', 'three']],
  ['a line that has changed', ['one', '…', 'three 3 ms'], ['one 2', 'two', 'three 4 ms'], ['one 2', '…', 'three 4 ms']],
  ['the end', ['one', '…'], ['one', 'two', 'three'], ['one', '…']],
])('an output is written as the page showed it: %s', (_, shown, real, now) => {
  expect(rewritten(shown, real, new Map())).toEqual(now);
});

test('ids that the page has shown already stay', () => {
  const [page, run] = ['ord_1m887w6pj2kynf20', 'ord_1m8nas80h01bqtys'];
  expect(rewritten(['x'], [`${run} paid`], new Map([[page, run]]))).toEqual([`${page} paid`]);
});
