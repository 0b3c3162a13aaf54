import type { App } from '../app.ts';
import { type KeyChoice, WentBack } from '../cli/prompt.ts';
import { type Breakpoint, breakpoint } from '../debugger/breakpoint.ts';
import type { Action, Controller, Idle, Stop } from '../debugger/controller.ts';
import type { ShownMessage } from '../debugger/model.ts';
import { idleView, keysView, messageShownView, stopReasonsView } from '../views/debugger.ts';
import { edited } from './editor.ts';

const QUESTION = 'What now?';

/** A person at the keys. `shown` says how an edited message looks, as its service will see it. */
export function keyController(
  app: App,
  shown: (message: ShownMessage, body: string) => Promise<ShownMessage>,
): Controller {
  return {
    async decide(stop) {
      if (stop.isFirst) await app.print.note(keysOf(stop), keysView);
      await app.print.note(stop.reasons, stopReasonsView);
      await app.print.note(stop.message, messageShownView);
      let { message } = stop;
      for (;;) {
        const keys = keysOf(stop);
        const key = await app.prompt.key({ message: QUESTION, flag: '--handle', keys });
        switch (key) {
          case '?':
            await app.print.note(keys, keysView);
            break;
          case 'e': {
            const body = await edited(app, message.body);
            if (body !== undefined) message = await shown(message, body);
            await app.print.note(message, messageShownView);
            break;
          }
          default: {
            const body = message.edited ? { body: message.body } : {};
            const action = await orBack(() => actionOf(app, key!, stop, body));
            if (action !== undefined) return action;
          }
        }
      }
    },
    idle: (idle) => whileIdle(app, idle),
  };
}

async function actionOf(app: App, key: string, stop: Stop, body: { body?: string }): Promise<Action | undefined> {
  switch (key) {
    case 'h':
      return { kind: 'deliver', ...body };
    case 'd':
      return { kind: 'deliver', twice: true, ...body };
    case 'f':
      return { kind: 'deliver', failCall: await whichCall(app), ...body };
    case 'r':
      return { kind: 'run', ...body };
    case 'c':
      return { kind: 'continue', ...body };
    case 'l':
      return { kind: 'leave' };
    case 'x':
      return { kind: 'dead_letter' };
    case 'u':
      return { kind: 'undo' };
    case 'b':
      return { kind: 'break', breakpoints: await breakpoints(app, stop.breakpoints) };
    default:
      return { kind: 'quit' };
  }
}

/** Esc at a question leads back to the keys. */
async function orBack<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof WentBack) return undefined;
    throw error;
  }
}

function keysOf({ abilities, deadLetterQueue, belongings }: Stop): KeyChoice[] {
  const all: [key: string, name: string, applies?: boolean][] = [
    ['h', 'handle'],
    ['l', 'leave'],
    ['d', 'deliver twice', abilities.has('twice')],
    ['f', 'fail at a call', abilities.has('fail')],
    ['x', 'dead-letter', deadLetterQueue !== null],
    ['e', 'edit'],
    ['u', 'undo', abilities.has('undo')],
    ['r', `run to the end of this ${belongings}`],
    ['c', 'continue to the next breakpoint'],
    ['b', 'breakpoint'],
    ['q', 'quit'],
    ['?', 'help'],
  ];
  return all.filter(([, , applies]) => applies ?? true).map(([key, name]) => ({ key, name }));
}

async function whichCall(app: App): Promise<number> {
  const number = await app.prompt.input({
    ...{ message: 'Which of its calls fails?', flag: '--fail-call', default: '1' },
    validate: (text) => /^[1-9]\d{0,3}$/.test(text) || 'a whole number from 1 to 9999',
  });
  return Number(number);
}

async function breakpoints(app: App, known: readonly Breakpoint[]): Promise<Breakpoint[]> {
  const now = known.map(({ text }) => text).join('; ');
  const text = await app.prompt.input({
    message: `Stop where this holds, such as event_type = payment_failed (Enter: ${now === '' ? 'nowhere' : `no longer at ${now}`})`,
    flag: '--break',
    validate: (answer) => answer.trim() === '' || judged(answer),
  });
  return text.trim() === '' ? [] : [...known, breakpoint(text)];
}

function judged(text: string): true | string {
  try {
    breakpoint(text);
    return true;
  } catch (error) {
    return (error as Error).message;
  }
}

async function whileIdle(app: App, { left, canUndo, arrival }: Idle): ReturnType<NonNullable<Controller['idle']>> {
  await app.print.note({ left }, idleView);
  const keys: [key: string, name: string, answer: 'again' | 'undo' | 'quit', applies: boolean][] = [
    ['l', 'those that were left', 'again', left > 0],
    ['u', 'undo', 'undo', canUndo],
    ['q', 'quit', 'quit', true],
  ];
  const applying = keys.filter(([, , , applies]) => applies);
  const over = new AbortController();
  const end = () => over.abort();
  const asked = app.prompt.key({
    ...{ message: 'Waiting for a message.', flag: '--handle', givenUp: over.signal },
    keys: applying.map(([name, does]) => ({ key: name, name: does })),
  });
  const [key] = await Promise.all([asked.finally(end), arrival(over.signal).finally(end)]);
  return applying.find(([name]) => name === key)?.[2] ?? 'arrived';
}
