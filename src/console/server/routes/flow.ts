import { blame } from '../../../lab/blame.ts';
import { originOf } from '../../../lab/calls/origin.ts';
import { cliCommand, curlCommand, sdkProgram } from '../../../lab/calls/repeat.ts';
import { readTrace } from '../../../lab/trace/read.ts';
import { whyMessage } from '../../../lab/why/message.ts';
import { type ConsoleDeps, onLaboratory, type Routes, reads, writes } from '../deps.ts';

/** `trace`, `why`, `blame`, `call`, `origin`, `replay`: what the commands of the same names tell. */
export const flowRoutes = ({ log, messaging, about, uuid }: ConsoleDeps): Routes =>
  onLaboratory({
    trace: reads((input) => readTrace(log, input.text('id'))),
    why: reads((input) => whyMessage(log, input.text('message'))),
    blame: reads((input) => blame(log, input.text('table'), input.text('key'), input.maybeText('attribute'))),
    call: reads(async (input) => {
      const call = await log.call(input.count('seq', Number.MAX_SAFE_INTEGER));
      const target = { endpoint: about.endpoint ?? '' };
      return {
        call,
        cli: cliCommand(call, target),
        sdk: sdkProgram(call, target),
        curl: curlCommand(call, target) ?? null,
      };
    }),
    origin: reads((input) => originOf(log, input.text('message'))),
    replay: writes(async (input) => {
      const { queue, body, attributes, group } = await originOf(log, input.text('message'));
      const sent = await messaging.send(queue, {
        ...{ body: input.maybeText('body') ?? body, attributes },
        ...(group !== null && { group }),
        // In a FIFO queue a copy would be a duplicate of the first one, within five minutes.
        ...(queue.endsWith('.fifo') && { deduplication: uuid() }),
      });
      return { queue, ...sent };
    }),
  });
