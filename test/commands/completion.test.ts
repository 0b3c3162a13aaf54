import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENTRIES } from '../../src/commands/index.ts';
import { Session } from '../support/session.ts';

let session: Session;
let off: Session;
beforeAll(async () => {
  session = await new Session().engine();
  off = new Session();
  await session.run('provision');
  await session.run('order create --customer ada --item laptop-pro:1');
  await session.run('snapshot save before');
  await session.run('provision --stack other');
  await session.run('order create --customer grace --item keyboard:1 --stack other');
});
afterAll(() => Promise.all([session.close(), off.close()]));

/** The values that may stand for the last word of a line; `""` is a word not yet begun. */
async function complete(line: string, where: Session = session): Promise<string[]> {
  const { code, stdout, stderr } = await where.run(`completion --words -- ${line}`);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.split('\n').flatMap((each) => (each === '' ? [] : [each.split('\t')[0]!]));
}

describe('what may stand for a word', () => {
  test('first, every command and group', async () => {
    expect(await complete('""')).toEqual([...new Set(ENTRIES.map(({ path }) => path.split(' ')[0]))]);
  });

  test.each([
    ['or', ['order']],
    ['order ""', ['create', 'list', 'show', 'cancel', 'retry']],
    ['inspect re', ['receipts']],
    ['--json order c', ['create', 'cancel']],
    ['--stack order or', ['order']],
    ['clock --js', ['--json']],
    ['clock ""', ['show', 'freeze', 'resume', 'advance', 'next']],
    ['order create --p', ['--payment', '--profile']],
    ['order create --payment ""', ['approve', 'decline', 'error', 'timeout']],
    ['order create --payment d', ['decline']],
    ['order create --payment=d', ['--payment=decline']],
    // bash takes `=` for a word.
    ['order create --payment = d', ['decline']],
    ['order create --payment =', ['approve', 'decline', 'error', 'timeout']],
    ['order create --item lap', ['laptop-pro:1']],
    // ... and a colon too; it puts in what follows the last one.
    ['order create --item laptop-pro :', ['1']],
    ['--endpoint-url http : //127.0.0.1 : 4999 or', ['order']],
    ['--endpoint-url http://127.0.0.1:4999 or', ['order']],
    ['order --endpoint-url http : //127.0.0.1 : 4999 sh', ['show']],
    ['fault add dup', ['duplicate']],
    ['fault add sq', ['sqs']],
    ['fault add sqs:DeleteM', ['sqs:DeleteMessage', 'sqs:DeleteMessageBatch']],
    ['fault add sqs : DeleteM', ['DeleteMessage', 'DeleteMessageBatch']],
    ['fault add sqs:DeleteMessage dr', ['drop']],
    ['up --engine mo', ['moto']],
    ['trace x --format t', ['tree', 'timeline']],
    ['drain order inv', ['inventory']],
    ['health --services sqs,dy', ['sqs,dynamodb']],
    ['health --junit ""', [':files']],
    ['dlq show pay', ['payment']],
    ['queue peek payment-queue-', ['payment-queue-dlq']],
    ['completion ""', ['bash', 'zsh', 'fish', 'powershell']],
    ['snapshot load ""', ['before']],
    ['order create --customer ad', ['ada']],
    ['order create --count ""', []],
    ['order list extra ""', []],
    ['nonsense ""', []],
    ['order nonsense ""', []],
    ['trace --nonsense', []],
  ])('%s', async (line, values) => expect(await complete(line)).toEqual(values));

  test('the orders there are, of the stack that the line names', async () => {
    const ids = async (flags: string) =>
      (await session.run(`order list --json ${flags}`)).json().orders.map((order: any) => order.order_id);
    expect(await complete('trace ""')).toEqual(await ids(''));
    expect(await complete('order show --stack other ""')).toEqual(await ids('--stack other'));
    expect(await complete('audit --stack=other --order ""')).toEqual(await ids('--stack other'));
    const { stdout } = await session.run('completion --words -- trace ""');
    expect(stdout).toMatch(/^ord_\w+\tcreated, 1299\.99 for ada\n$/);
  });

  test('nothing, and no word of it, where the engine is away or AWS is meant', async () => {
    expect(await complete('trace ""', off)).toEqual([]);
    expect(await complete('snapshot load ""', off)).toEqual([]);
    expect(await complete('trace --target aws ""')).toEqual([]);
  });

  test('nothing that a shell could take for more than a word', async () => {
    const { ports } = await (await import('../../src/connection.ts')).connectTo(
      { kind: 'local', endpoint: session.endpoint, region: 'us-east-1' },
      undefined,
      { clock: { now: () => session.now, sleep: async () => {} } },
    );
    await ports.tables.putMany('customers', [
      { customer_id: '$(reboot)', name: 'x' },
      { customer_id: '`reboot`', name: 'x' },
      { customer_id: 'a b', name: 'x' },
      { customer_id: 'zoe', name: 'Zoe\u001b[2J\n--evil' },
    ]);
    const { stdout } = await session.run('completion --words -- order create --customer ""');
    expect(stdout).not.toMatch(/reboot|a b|\u001b|^--evil/m);
    expect(stdout).toMatch(/^zoe\t/m);
  });
});

describe('the scripts', () => {
  test.each(['', 'tcsh', 'bash zsh'])('no script for %j', async (shell) => {
    const { code, stdout, stderr } = await session.run(`completion ${shell}`);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('There are scripts for bash, zsh, fish, powershell.\ntry: cliffracer completion bash\n');
  });

  const PROGRAM = `#!/bin/sh
printf '%s\\n' "$@" > "$ASKED"
case "$*" in *files*) printf ':files\\t\\n';; *) printf 'order\\tplace: orders\\n$(touch "$ASKED.evil")\\tx\\n';; esac
`;
  const has = (shell: string) => spawnSync(shell, ['-c', 'exit 0']).status === 0;

  /** Runs `code` in a shell with the script loaded, and a stand-in for the program that keeps what it is asked. */
  function inShell(shell: string, script: string, code: string) {
    const directory = mkdtempSync(join(tmpdir(), 'cliffracer-test-'));
    try {
      writeFileSync(join(directory, 'cliffracer'), PROGRAM);
      chmodSync(join(directory, 'cliffracer'), 0o755);
      writeFileSync(join(directory, 'script'), `${script}\n${code}\n`);
      const env = { PATH: `${directory}:${process.env.PATH}`, HOME: directory, ASKED: join(directory, 'asked') };
      const flags = shell === 'fish' ? ['--private'] : shell === 'zsh' ? ['-f'] : ['--norc'];
      const stdout = execFileSync(shell, [...flags, join(directory, 'script')], { env, encoding: 'utf8' });
      return { stdout, asked: execFileSync('cat', ['asked'], { cwd: directory, encoding: 'utf8' }) };
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }

  const scriptOf = async (shell: string) => (await off.run(`completion ${shell}`)).stdout;
  const CANDIDATES = 'order\n$(touch "$ASKED.evil")\n';

  test.runIf(has('bash'))('bash hands over the words as they are, and expands no answer', async () => {
    const line = `COMP_WORDS=(cliffracer 'a b' '$(x)' ''); COMP_CWORD=3; _cliffracer; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, asked } = inShell('bash', await scriptOf('bash'), line);
    expect(asked).toBe('completion\n--words\n--\na b\n$(x)\n\n');
    expect(stdout).toBe(CANDIDATES);
  });

  test.runIf(has('zsh'))('zsh does', async () => {
    const stub = `compdef() { : }; _describe() { print -rl -- "\${(@P)3}" }; _files() { print files }`;
    const line = `words=(cliffracer 'a b' '$(x)' ''); CURRENT=4; _cliffracer; words=(cliffracer files); CURRENT=2; _cliffracer`;
    const { stdout, asked } = inShell('zsh', `${stub}\n${await scriptOf('zsh')}`, line);
    expect(asked).toBe('completion\n--words\n--\nfiles\n');
    expect(stdout).toBe('order:place: orders\n$(touch "$ASKED.evil"):x\nfiles\n');
  });

  test.runIf(has('fish'))('fish does', async () => {
    const { stdout, asked } = inShell('fish', await scriptOf('fish'), `complete -C "cliffracer 'a b' or"`);
    expect(asked).toBe('completion\n--words\n--\na b\nor\n');
    expect(stdout).toContain('order\tplace: orders\n');
  });

  test('--json carries the script', async () => {
    const script = await scriptOf('bash');
    expect((await off.run('completion bash --json')).json()).toEqual({ shell: 'bash', script });
  });
});
