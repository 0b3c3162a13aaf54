import { describe, expect, test } from 'vitest';
import { actionsFor } from '../../src/watch/actions.ts';
import { press } from '../../src/watch/press.ts';
import { selectedRow, subjectOf } from '../../src/watch/rows.ts';
import { type Request, START, type Ui } from '../../src/watch/ui.ts';
import { callWith, messageEffect, NOON, queueNamed, systemOf } from './seen.ts';

const hold = { since: new Date(NOON).toISOString(), where: null, released: 0 };
const seen = {
  system: systemOf(
    [
      queueNamed('a-jobs', { ready: 1, dead_letter_queue: 'z-dead' }),
      queueNamed('b-held', { hold }),
      queueNamed('z-dead', { ready: 2, dead_letters_of: ['a-jobs'] }),
    ],
    [
      callWith([messageEffect('sent', 'a-jobs', 'm-1', { body: '{"order_id":"o-1"}' })]),
      callWith([messageEffect('sent', 'a-jobs', 'm-2')]),
      callWith([{ kind: 'resource', resource: 'queue/b-held', operation: 'CreateQueue' }], { seq: 77 }),
    ],
  ),
};

function pressed(keys: string, from: Ui = START): { ui: Ui; requests: Request[] } {
  let ui = from;
  const requests: Request[] = [];
  for (const key of keys.split(' ')) {
    const step = press(key, seen, ui, 5);
    ui = step.ui;
    requests.push(...step.requests);
  }
  return { ui, requests };
}

const rowAfter = (keys: string) => selectedRow(seen, pressed(keys).ui)?.id;
const subjectAfter = (keys: string) => subjectOf(seen, pressed(keys).ui);
const keysAt = (keys: string) => actionsFor(seen, pressed(keys).ui).flatMap((action) => action.keys);

describe('moving', () => {
  test.each([
    ['l h', 'queue/a-jobs'],
    ['down', 'queue/b-held'],
    ['j j k', 'queue/b-held'],
    ['down down down down', 'queue/z-dead'],
    ['G g', 'queue/a-jobs'],
    ['pagedown', 'queue/z-dead'],
  ])('%s', (keys, row) => expect(rowAfter(keys)).toBe(row));

  test('what happens is followed until a row is selected, and again from its end', () => {
    expect(subjectAfter('l')).toEqual({ kind: 'effects', seq: 77 });
    expect(pressed('l k').ui.selected.list).toBe('2');
    expect(pressed('l k j').ui.selected.list).toBeUndefined();
    expect(pressed('l k escape').ui.selected.list).toBeUndefined();
  });

  test('the right pane scrolls, but not beyond its end', () => {
    expect(pressed('tab tab j j').ui.top).toBe(2);
    expect(pressed('tab tab G k').ui.top).toBe(4);
  });
});

describe('queues', () => {
  test.each([
    ['space', { kind: 'hold', queue: 'a-jobs' }],
    ['down space', { kind: 'end_hold', queue: 'b-held' }],
    ['n', { kind: 'step', queue: 'a-jobs' }],
    ['m y', { kind: 'redrive', from: 'z-dead', to: ['a-jobs'] }],
    ['G m y', { kind: 'redrive', from: 'z-dead', to: ['a-jobs'] }],
  ])('%s', (keys, request) => expect(pressed(keys).requests).toEqual([request]));

  test('a redrive is asked about first, and any key but y drops it', () => {
    expect(pressed('m').ui.question?.text).toBe('Move 2 messages of z-dead back to a-jobs?');
    expect(pressed('m x')).toMatchObject({ requests: [] });
    expect(pressed('m x').ui.question).toBeUndefined();
  });

  test('only what applies: an empty queue has nothing to step and no dead letters', () => {
    expect(keysAt('up')).toEqual(expect.arrayContaining(['space', 'n', 'p', 'd', 'm']));
    for (const key of ['n', 'd', 'm', 'e']) expect(keysAt('down')).not.toContain(key);
    expect(keysAt('l')).toContain('e');
    expect(keysAt('l')).not.toContain('space');
  });

  test('d goes to the dead letters, p looks into a queue, and Esc leads back', () => {
    expect(rowAfter('d')).toBe('queue/z-dead');
    expect(subjectAfter('d')).toEqual({ kind: 'peek', queue: 'z-dead' });
    expect(subjectAfter('p')).toEqual({ kind: 'peek', queue: 'a-jobs' });
    expect(pressed('p').ui.pane).toBe('detail');
    expect(pressed('p escape').ui).toMatchObject({ pane: 'system', top: 0 });
    expect(subjectAfter('p escape')).toEqual({ kind: 'queue', name: 'a-jobs' });
  });
});

describe('events', () => {
  test('enter traces the conversation, e shows the call', () => {
    expect(subjectAfter('l g return')).toEqual({ kind: 'trace', id: 'm-1' });
    expect(subjectAfter('l g e')).toMatchObject({ kind: 'effects' });
    expect(pressed('l g return').ui.pane).toBe('detail');
  });
});

describe('typing', () => {
  test('a filter narrows the list that it is for, and Esc ends it', () => {
    expect(rowAfter('/ h e l')).toBe('queue/b-held');
    expect(pressed('/ h e backspace return').ui.filters).toEqual({ system: 'h', list: '' });
    expect(pressed('/ h return escape').ui.filters.system).toBe('');
    expect(pressed('/ h escape').ui.filters.system).toBe('');
    expect(pressed('l / O - 1').ui.filters).toEqual({ system: '', list: 'O-1' });
    expect(rowAfter('l / O - 1')).toBe('1');
  });

  test.each([
    [': t a return', 'tables'],
    [': s 3 return', 's3'],
    [': o tab return', 'orders'],
    [': c a x backspace return', 'calls'],
  ])('%s', (keys, list) => expect(pressed(keys).ui).toMatchObject({ list, pane: 'list', from: 'list' }));

  test('a trace by its id, a command that is none, and the way out', () => {
    expect(subjectAfter(': t r a c e space o - 1 return')).toEqual({ kind: 'trace', id: 'o-1' });
    expect(pressed(': x return').ui.notice?.text).toMatch(/^no command :x; there are :events :calls :orders /);
    expect(pressed(': x return j').ui.notice).toBeUndefined();
    expect(pressed(': q return').requests).toEqual([{ kind: 'quit' }]);
    expect(pressed(': return').ui).toEqual(START);
  });

  test('keys that are typed do nothing else', () => {
    expect(pressed('/ q space n')).toMatchObject({ requests: [], ui: { filters: { system: 'q n' } } });
  });
});

test.each([
  ['q', 'quit'],
  ['ctrl-c', 'quit'],
  ['? ctrl-c', 'quit'],
  ['m ctrl-c', 'quit'],
  ['ctrl-z', 'suspend'],
  ['ctrl-l', 'redraw'],
])('%s', (keys, kind) => expect(pressed(keys).requests).toEqual([{ kind }]));

test('help stays until a key', () => {
  expect(pressed('?').ui.help).toBe(true);
  expect(pressed('? q')).toMatchObject({ ui: { help: false }, requests: [] });
});
