import { writeFile } from 'node:fs/promises';
import { Argument, Command } from 'commander';
import { callLogOf } from '../../access/call-log.ts';
import type { App } from '../../app.ts';
import { filePath } from '../../cli/arguments.ts';
import { httpCall } from '../../engines/http.ts';
import { CliffracerError } from '../../errors.ts';
import type { WholeCall } from '../../lab/calls/call.ts';
import type { CallLog } from '../../lab/calls/port.ts';
import { spansOf } from '../../lab/otlp/spans.ts';
import type { ProgramSpan } from '../../lab/otlp/wire.ts';
import { otlpRequest } from '../../lab/otlp/wire.ts';
import { type Exported, exportedView } from '../../views/exported.ts';

const PAGE = 1_000;
/** Collectors take requests of 4 MiB and more. */
const SPANS_IN_A_REQUEST = 2_000;
const TIMEOUT_MS = 30_000;

export function exportOtlpCommand(app: App): Command {
  return new Command('otlp')
    .addArgument(
      new Argument('<to>', 'a file, or the address of a collector, as http://127.0.0.1:4318').argParser(filePath),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  $ cliffracer export otlp spans.json\n  $ cliffracer export otlp http://127.0.0.1:4318\n\n' +
        'OTLP/JSON by the semantic conventions for messaging and for AWS SDKs; to an address by POST /v1/traces.',
    )
    .action(async (to: string) => {
      await app.print.result(await exportOtlp(await callLogOf(app), to), exportedView);
    });
}

/** Writes the call log as spans, without what was undone. Rejects with `not_found` when it is empty. */
export async function exportOtlp(log: CallLog, to: string): Promise<Exported> {
  const { calls, undone } = await everyCall(log);
  const spans = spansOf(calls);
  if (spans.length === 0)
    throw new CliffracerError('not_found', 'the call log is empty', { hint: 'cliffracer calls -f' });
  const traces = new Set(spans.map(({ span }) => span.traceId)).size;
  if (/^https?:\/\//.test(to)) await post(to, spans);
  else
    await writeFile(to, `${JSON.stringify(otlpRequest(spans))}\n`).catch((error) => {
      throw unwritable(to, error);
    });
  return { to, calls: calls.length, spans: spans.length, traces, undone };
}

const unwritable = (to: string, cause: NodeJS.ErrnoException) =>
  new CliffracerError('invalid_input', `${to} cannot be written: ${WHY[cause.code ?? ''] ?? cause.message}`, {
    hint: 'give a file in a directory that exists, or the address of a collector',
    cause,
  });

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such directory',
  EISDIR: 'it is a directory',
  EACCES: 'that is not allowed',
  ECONNREFUSED: 'nothing listens there',
};

async function everyCall(log: CallLog): Promise<{ calls: WholeCall[]; undone: number }> {
  const calls: WholeCall[] = [];
  let undone = 0;
  for (let after = 0; ; ) {
    const page = await log.page({ after, limit: PAGE, whole: true, present: true });
    undone += page.undone?.calls ?? 0;
    if (page.calls.length === 0) return { calls, undone };
    calls.push(...page.calls);
    after = page.next;
  }
}

async function post(to: string, spans: readonly ProgramSpan[]): Promise<void> {
  const address = /\/v1\/traces\/?$/.test(to) ? to : `${to.replace(/\/+$/, '')}/v1/traces`;
  for (let start = 0; start < spans.length; start += SPANS_IN_A_REQUEST) {
    const body = JSON.stringify(otlpRequest(spans.slice(start, start + SPANS_IN_A_REQUEST)));
    const headers = { 'content-type': 'application/json' };
    const answer = await httpCall(address, { method: 'POST', body, headers, timeoutMs: TIMEOUT_MS }).catch((error) => {
      throw new CliffracerError('timeout', `${address} took no spans: ${WHY[error.code] ?? error.message}`, {
        hint: 'start the collector, or give a file',
        cause: error,
        retryable: true,
      });
    });
    if (answer.status >= 200 && answer.status < 300) continue;
    throw new CliffracerError('invalid_input', `${address} refused the spans: HTTP ${answer.status}`);
  }
}
