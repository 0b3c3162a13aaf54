import { afterAll, beforeAll, expect, test } from 'vitest';
import { fileOf } from '../lab/template/template.ts';
import { Sandbox } from './program.ts';

const TIMEOUT = 120_000;

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await new Sandbox().open();
}, TIMEOUT);
afterAll(() => sandbox.close(), TIMEOUT);

test('the built program reads templates in YAML and JSON', { timeout: TIMEOUT }, async () => {
  expect(await sandbox.run('up --no-provision')).toMatchObject({ code: 0 });
  for (const name of ['orders.yaml', 'PaymentsStack.template.json']) {
    const made = await sandbox.run(`provision --template ${fileOf(name)} --json`);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(made.json().stacks[0].resources.length).toBeGreaterThan(5);
  }
  expect(await sandbox.run('lint --json')).toMatchObject({ code: 0, stderr: '' });
});
