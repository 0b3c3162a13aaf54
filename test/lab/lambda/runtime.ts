import { Agent, request } from 'node:http';
import type { FunctionProcess } from '../../../src/lab/lambda/function.ts';

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** One call of the Runtime API, as a runtime client makes it. */
export function callRuntimeApi(
  address: string,
  method: string,
  path: string,
  body?: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const [host = '', port = ''] = address.split(':');
  return new Promise((resolve, reject) => {
    const agent = new Agent({ keepAlive: false });
    const sent = request({ host, port, agent, method, path: `/2018-06-01/runtime/${path}`, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body: text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** What a runtime in this process does with an event: answers it, fails, ends, leaves it alone, or answers and asks for no more. */
type Done = { response: string } | { error: object } | 'exit' | 'nothing' | 'last';
export type Behaviour = (event: string) => Done | Promise<Done>;

/** A process that is none: a loop in this one that calls the Runtime API as a runtime client does. */
export function simulatedProcess(address: string, behave: Behaviour): FunctionProcess {
  let exit!: (reason: string) => void;
  const exited = new Promise<string>((resolve) => {
    exit = resolve;
  });
  const loop = async () => {
    for (;;) {
      const { headers, body } = await callRuntimeApi(address, 'GET', 'invocation/next');
      const id = String(headers['lambda-runtime-aws-request-id']);
      const done = await behave(body);
      if (done === 'exit') return exit('exit status 1');
      if (done === 'nothing') return;
      if (done === 'last') return void (await callRuntimeApi(address, 'POST', `invocation/${id}/response`, '"last"'));
      if ('response' in done) await callRuntimeApi(address, 'POST', `invocation/${id}/response`, done.response);
      else await callRuntimeApi(address, 'POST', `invocation/${id}/error`, JSON.stringify(done.error));
    }
  };
  loop().catch(() => exit('signal: SIGTERM'));
  return { exited, stop: () => exit('signal: SIGTERM'), kill: () => exit('signal: SIGKILL') };
}
