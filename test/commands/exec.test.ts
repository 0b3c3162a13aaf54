import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Session } from '../support/session.ts';

let session: Session;
beforeEach(async () => {
  session = await new Session().engine();
});
afterEach(() => session.close());

/** A script that prints what it was given. */
function script(text: string): string {
  const path = join(session.home, 'script.mjs');
  writeFileSync(path, text);
  return path;
}

describe('exec', () => {
  it('points the program at the engine, under a name, with nothing of other accounts', async () => {
    const path = script('console.log(JSON.stringify(process.env))');
    const { code, stdout, stderr } = await session.run(`exec --as billing -- ${process.execPath} ${path}`, {
      env: {
        ...{ AWS_PROFILE: 'prod', AWS_DEFAULT_PROFILE: 'prod', AWS_SESSION_TOKEN: 'secret' },
        ...{ AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret', KEPT: 'yes' },
        ...{ AWS_ENDPOINT_URL_SQS: 'https://sqs.eu-west-1.amazonaws.com', AWS_REGION: 'eu-west-1' },
      },
    });
    expect([code, stderr]).toEqual([0, '']);
    const env = JSON.parse(stdout);
    expect(env).toMatchObject({
      ...{ AWS_ENDPOINT_URL: session.endpoint, AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'eu-west-1' },
      ...{ AWS_ACCESS_KEY_ID: 'billing', AWS_SECRET_ACCESS_KEY: 'test', AWS_SDK_UA_APP_ID: 'billing', KEPT: 'yes' },
    });
    const gone = ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE', 'AWS_SESSION_TOKEN', 'AWS_ENDPOINT_URL_SQS'];
    expect(Object.keys(env).filter((name) => gone.includes(name))).toEqual([]);
  });

  it.each([
    ['exec --', ''],
    ['exec --as x --', ''],
    ['--no-color exec --', ''],
  ])('%s hands every word behind -- to the program, and its exit code on', async (start) => {
    const path = script('console.log(JSON.stringify(process.argv.slice(2))); process.exitCode = 7');
    const { code, stdout } = await session.run(`${start} ${process.execPath} ${path} --json -x --as y -- z`);
    expect([code, JSON.parse(stdout)]).toEqual([7, ['--json', '-x', '--as', 'y', '--', 'z']]);
  });

  it('ends with 128 and the number of the signal that ended the program', async () => {
    const path = script("process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000)");
    expect((await session.run(`exec -- ${process.execPath} ${path}`)).code).toBe(137);
  });

  it.each([
    ['exec -- /no/such/program', 1, 'the program "/no/such/program" is not there'],
    ['exec', 2, "missing required argument 'command'"],
    ['exec --as "a b" -- true', 2, 'It must be 1 to 50 letters'],
    ['exec --target aws --stack default -- true', 5, ''],
  ])('%s is refused', async (line, code, message) => {
    const outcome = await session.run(line);
    expect([outcome.code, outcome.stderr]).toEqual([code, expect.stringContaining(message)]);
  });
});
