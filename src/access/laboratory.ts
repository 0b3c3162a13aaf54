import type { App } from '../app.ts';
import { targetKind } from '../engines/aws.ts';
import { CliffracerError } from '../errors.ts';
import type { CallLog } from '../lab/calls/port.ts';
import type { Laboratory } from '../lab/step/port.ts';

/** How long a consumer has to take a message, unless told. */
export const DEFAULT_TIMEOUT_S = 60;

/** What stepping needs of the engine in use; rejects with `unsupported` where the target is AWS. */
export async function laboratoryOf(app: App): Promise<Laboratory> {
  if (targetKind(app.globals, app.env) === 'aws') {
    const message = 'stepping is a feature of the embedded engine, and the target is AWS';
    throw new CliffracerError('unsupported', message, { hint: 'cliffracer up --engine embedded --port 0' });
  }
  const [{ embeddedLaboratory }, { resolveRegion }] = await Promise.all([
    import('../engines/embedded/laboratory.ts'),
    import('../engines/endpoint.ts'),
  ]);
  const region = resolveRegion(app.globals.region, app.env).value;
  return embeddedLaboratory({ endpoint: (await app.endpoint()).value, region, now: app.clock.now });
}

const NAMED = 5;

/** A message's whole id, by its beginning; what nothing begins with is handed back as it is. */
export async function messageId(log: CallLog, beginning: string): Promise<string> {
  const { messages } = await log.messages({ beginning, limit: NAMED + 1 });
  const ids = [...new Set(messages.map(({ message_id }) => message_id))];
  if (ids.length < 2 || ids.includes(beginning)) return ids.length === 1 ? ids[0]! : beginning;
  const more = ids.length > NAMED ? ' and others' : '';
  const text = `${JSON.stringify(beginning)} is the beginning of several messages: ${ids.slice(0, NAMED).join(', ')}${more}`;
  throw new CliffracerError('usage', text, { hint: 'give more of it' });
}
