import type { Opened } from '../../expression/envelope.ts';
import type { ReceivedMessage } from '../../ports.ts';

/** The fields of a message that can be read without receiving it. */
export type InspectedMessage = Pick<
  ReceivedMessage,
  'messageId' | 'body' | 'attributes' | 'receiveCount' | 'sentAt' | 'source'
>;

/** Why a message is where it is, as far as somebody can tell. */
export interface Failure {
  code?: string | undefined;
  message?: string;
  stack?: string;
  /** How often it was tried. */
  attempts?: number;
  /** ISO 8601. */
  at?: string;
}

/** What a message is about, by name: `order_id`. */
export type Labels = Readonly<Record<string, string | undefined>>;

export interface Told {
  labels: Labels;
  failure?: Failure | undefined;
}

/** A message with what its body and its envelope hold; no fields where the body is no JSON object. */
export type Content = Pick<Opened, 'attributes'> & { fields?: Opened['fields'] };

export type Tell = (message: InspectedMessage, content: Content) => Told | Promise<Told>;

/** What somebody knows of the messages of one dead-letter queue, as the shop of its own ones. */
export interface Knowledge {
  /** By the message alone. */
  tell: Tell;
  /** By a log too, read from `since` (milliseconds since the epoch); stacks are large, and left out unless asked for. */
  withLog(options: { since: number; stacks: boolean }): Promise<Tell>;
}

const tellNothing: Tell = () => ({ labels: {} });

/** Of messages of which nobody knows anything. */
export const NO_KNOWLEDGE: Knowledge = { tell: tellNothing, withLog: async () => tellNothing };

/** What the first one knows; where it does not know why a message failed, the second one is asked. */
export function orElse(first: Knowledge, second: Knowledge): Knowledge {
  return {
    tell: first.tell,
    async withLog(options) {
      const [tell, tellElse] = await Promise.all([first.withLog(options), second.withLog(options)]);
      return async (message, content) => {
        const told = await tell(message, content);
        if (told.failure?.code !== undefined) return told;
        const { failure = told.failure } = await tellElse(message, content);
        return { ...told, failure };
      };
    },
  };
}
