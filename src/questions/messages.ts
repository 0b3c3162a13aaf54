import { callLogOf } from '../access/call-log.ts';
import { time } from '../views/text.ts';
import type { Noun } from './offers.ts';

/** A message that is in the call log: one in a queue, or one that was published. */
export const MESSAGE: Noun = {
  ...{ name: 'message', plural: 'messages', argument: 'MESSAGE', hasLast: true, first: 'cliffracer calls' },
  whole: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  async offers(app, limit) {
    const [log, context] = await Promise.all([callLogOf(app), app.print.context(app.io.stderr)]);
    const { messages } = await log.messages({ limit });
    return messages.map(({ message_id, sent_to, at, caller }) => ({
      id: message_id,
      columns: [message_id, sent_to, `by ${caller}`, time(at, context)],
    }));
  },
  async beginning(app, text, limit) {
    const { messages } = await (await callLogOf(app)).messages({ beginning: text, limit });
    return messages.map(({ message_id }) => message_id);
  },
};
