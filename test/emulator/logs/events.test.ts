import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { event, NOW, worldWithStreams } from './world.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const messagesOf = (answer: { events: { message: string }[] }) => answer.events.map(({ message }) => message);

// CloudWatch Logs API Reference, PutLogEvents.
describe('PutLogEvents', () => {
  test('keeps events in order of their time, whatever order batches come in', async () => {
    const { call, put } = await worldWithStreams('s');
    await put('s', event(NOW, 'b1'), event(NOW, 'b2'));
    await put('s', event(NOW - 5, 'a'), event(NOW, 'b3'), event(NOW + 5, 'c'));
    const answer = await call('GetLogEvents', { logGroupName: 'g', logStreamName: 's', startFromHead: true });
    expect(messagesOf(answer)).toEqual(['a', 'b1', 'b2', 'b3', 'c']);
    expect(answer.events[0]).toEqual({ timestamp: NOW - 5, message: 'a', ingestionTime: NOW });
  });

  test('ignores sequence tokens, and still hands them out', async () => {
    const { call } = await worldWithStreams('s');
    const input = { logGroupName: 'g', logStreamName: 's', logEvents: [event(NOW)], sequenceToken: 'stale' };
    expect((await call('PutLogEvents', input)).nextSequenceToken).toMatch(/^\d{56}$/);
    await call('PutLogEvents', input);
    expect((await call('GetLogEvents', { logGroupName: 'g', logStreamName: 's' })).events).toHaveLength(2);
  });

  test.each([
    ['nothing', [0, 1], undefined, undefined],
    ['too old', [-14 * DAY - 1, -14 * DAY, -14 * DAY + 1], undefined, { tooOldLogEventEndIndex: 1 }],
    ['too new', [2 * HOUR, 2 * HOUR + 1, 3 * HOUR], undefined, { tooNewLogEventStartIndex: 1 }],
    ['expired', [-3 * DAY - 1, -3 * DAY, -3 * DAY], 3, { expiredLogEventEndIndex: 1 }],
    [
      'of every kind',
      [-20 * DAY, -4 * DAY, 0, 3 * HOUR],
      3,
      { tooOldLogEventEndIndex: 1, expiredLogEventEndIndex: 2, tooNewLogEventStartIndex: 3 },
    ],
    ['all too new', [3 * HOUR], undefined, { tooNewLogEventStartIndex: 0 }],
  ])('rejects %s', async (_, offsets, retentionInDays, rejected) => {
    const { call, put } = await worldWithStreams('s');
    if (retentionInDays !== undefined) await call('PutRetentionPolicy', { logGroupName: 'g', retentionInDays });
    const answer = await put('s', ...offsets.map((offset) => event(NOW + offset)));
    expect(answer.rejectedLogEventsInfo).toEqual(rejected);
    const stored = (await call('GetLogEvents', { logGroupName: 'g', logStreamName: 's' })).events;
    const info: Record<string, number> = rejected ?? {};
    const from = Math.max(info.tooOldLogEventEndIndex ?? 0, info.expiredLogEventEndIndex ?? 0);
    expect(stored).toHaveLength((info.tooNewLogEventStartIndex ?? offsets.length) - from);
  });

  test.each([
    ['out of order', [event(NOW), event(NOW - 1)], 'chronological order'],
    ['more than 24 hours', [event(NOW - DAY - 1), event(NOW)], '24 hours'],
    ['an event over 1 MB', [event(NOW, 'x'.repeat(1_048_551))], 'Log event too large: 1048577'],
    [
      'a batch over 1 MB',
      [event(NOW, 'é'.repeat(262_144)), event(NOW, 'x'.repeat(524_288))],
      'Upload too large: 1048628',
    ],
  ])('refuses %s', async (_, logEvents, message) => {
    const { put } = await worldWithStreams('s');
    await expect(put('s', ...logEvents)).rejects.toMatchObject({
      code: 'InvalidParameterException',
      message: expect.stringContaining(message),
    });
  });

  test('takes the largest batch, and measures the span by acceptable events only', async () => {
    const { put } = await worldWithStreams('s');
    await put('s', event(NOW, 'x'.repeat(1_048_550)));
    await put('s', event(NOW - 20 * DAY), event(NOW - DAY), event(NOW));
  });

  test('names what is missing', async () => {
    const { call, put } = await worldWithStreams();
    await expect(put('s', event(NOW))).rejects.toThrow('The specified log stream does not exist.');
    await expect(
      call('PutLogEvents', { logGroupName: 'x', logStreamName: 's', logEvents: [event(NOW)] }),
    ).rejects.toThrow('The specified log group does not exist.');
  });
});

// CloudWatch Logs API Reference, GetLogEvents.
describe('GetLogEvents', () => {
  const read = { logGroupName: 'g', logStreamName: 's' };

  async function tenEvents() {
    const made = await worldWithStreams('s');
    await made.put('s', ...Array.from({ length: 10 }, (_, index) => event(NOW + index, String(index))));
    return made;
  }

  test.each([
    [{}, '0123456789'],
    [{ limit: 3 }, '789'],
    [{ limit: 3, startFromHead: true }, '012'],
    [{ startTime: NOW + 2, endTime: NOW + 5 }, '234'],
    [{ startTime: NOW + 2, endTime: NOW + 2 }, ''],
    [{ startTime: NOW + 7, limit: 2, startFromHead: true }, '78'],
    [{ endTime: NOW + 7, limit: 2 }, '56'],
    [{ startTime: NOW + 100 }, ''],
  ])('%j gives %s', async (input, expected) => {
    const { call } = await tenEvents();
    expect(messagesOf(await call('GetLogEvents', { ...read, ...input })).join('')).toBe(expected);
  });

  test('goes forward to an end where the token stays, and on when events come', async () => {
    const { call, put } = await tenEvents();
    const first = await call('GetLogEvents', { ...read, limit: 6, startFromHead: true });
    const second = await call('GetLogEvents', {
      ...read,
      limit: 6,
      startFromHead: true,
      nextToken: first.nextForwardToken,
    });
    expect(messagesOf(second).join('')).toBe('6789');
    const end = await call('GetLogEvents', { ...read, nextToken: second.nextForwardToken });
    expect(end).toMatchObject({ events: [], nextForwardToken: second.nextForwardToken });
    const back = await call('GetLogEvents', { ...read, limit: 2, nextToken: end.nextBackwardToken });
    expect(messagesOf(back).join('')).toBe('89');
    await put('s', event(NOW + 10, 'A'));
    expect(messagesOf(await call('GetLogEvents', { ...read, nextToken: end.nextForwardToken })).join('')).toBe('A');
  });

  test('goes backward to a start where the token stays', async () => {
    const { call } = await tenEvents();
    const last = await call('GetLogEvents', { ...read, limit: 8 });
    const first = await call('GetLogEvents', { ...read, limit: 8, nextToken: last.nextBackwardToken });
    expect(messagesOf(first).join('')).toBe('01');
    const start = await call('GetLogEvents', { ...read, nextToken: first.nextBackwardToken });
    expect(start).toMatchObject({ events: [], nextBackwardToken: first.nextBackwardToken });
    const on = await call('GetLogEvents', { ...read, limit: 2, nextToken: start.nextForwardToken });
    expect(messagesOf(on).join('')).toBe('01');
  });

  test('of an empty stream gives tokens that find what comes', async () => {
    const { call, put } = await worldWithStreams('s');
    const empty = await call('GetLogEvents', read);
    expect(empty.events).toEqual([]);
    await put('s', event(NOW - 1000, 'first'));
    expect(messagesOf(await call('GetLogEvents', { ...read, nextToken: empty.nextForwardToken }))).toEqual(['first']);
  });

  test('ends a page at 1 MB', async () => {
    const { call, put } = await worldWithStreams('s');
    for (const name of ['a', 'b', 'c']) await put('s', event(NOW, name + 'x'.repeat(400_000)));
    const pages: string[] = [];
    let nextToken: string | undefined;
    for (let page = 0; page < 2; page++) {
      const answer = await call('GetLogEvents', { ...read, startFromHead: true, nextToken });
      pages.push(
        messagesOf(answer)
          .map((message) => message[0])
          .join(''),
      );
      nextToken = answer.nextForwardToken;
    }
    expect(pages).toEqual(['ab', 'c']);
  });

  test.each(['nonsense', 'f/1', 'x/3', `f/3${'9'.repeat(55)}`])('refuses the token %s', async (nextToken) => {
    const { call } = await tenEvents();
    await expect(call('GetLogEvents', { ...read, nextToken })).rejects.toMatchObject({
      code: 'InvalidParameterException',
      message: 'The specified nextToken is invalid.',
    });
  });
});

// CloudWatch Logs API Reference, FilterLogEvents.
describe('FilterLogEvents', () => {
  async function threeStreams() {
    const made = await worldWithStreams('app-1', 'app-2', 'web');
    await made.put('app-1', event(NOW, 'a0'), event(NOW + 2, 'a2 ERROR'));
    await made.put('app-2', event(NOW, 'b0'), event(NOW + 1, 'b1 ERROR'));
    await made.put('web', event(NOW + 1, 'c1'), event(NOW + 3, 'c3'));
    return made;
  }

  test.each([
    [{}, ['a0', 'b0', 'b1 ERROR', 'c1', 'a2 ERROR', 'c3']],
    [{ startFromHead: false, startTime: NOW }, ['c3', 'a2 ERROR', 'c1', 'b1 ERROR', 'b0', 'a0']],
    [{ filterPattern: 'ERROR' }, ['b1 ERROR', 'a2 ERROR']],
    [{ logStreamNames: ['web', 'app-1', 'web'] }, ['a0', 'c1', 'a2 ERROR', 'c3']],
    [{ logStreamNamePrefix: 'app-' }, ['a0', 'b0', 'b1 ERROR', 'a2 ERROR']],
    [{ logStreamNamePrefix: 'none' }, []],
    // "Events with a timestamp later than this time are not returned": unlike GetLogEvents, the end is inclusive.
    [{ startTime: NOW + 1, endTime: NOW + 2 }, ['b1 ERROR', 'c1', 'a2 ERROR']],
    [{ startTime: NOW + 4 }, []],
    [{ interleaved: false, unmask: true, filterPattern: '%^c%' }, ['c1', 'c3']],
  ])('%j gives %j, at once and in pages of one', async (input, expected) => {
    const { call } = await threeStreams();
    const all = await call('FilterLogEvents', { logGroupName: 'g', ...input });
    expect(messagesOf(all)).toEqual(expected);
    expect(all).toMatchObject({ searchedLogStreams: [], nextToken: undefined });
    const found: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await call('FilterLogEvents', { logGroupIdentifier: 'g', limit: 1, nextToken, ...input });
      found.push(...messagesOf(page));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    expect(found).toEqual(expected);
  });

  test('names the stream, the time and a unique id of each event', async () => {
    const { call } = await threeStreams();
    const { events } = await call('FilterLogEvents', { logGroupName: 'g' });
    expect(events[2]).toEqual({
      logStreamName: 'app-2',
      timestamp: NOW + 1,
      message: 'b1 ERROR',
      ingestionTime: NOW,
      eventId: expect.stringMatching(/^\d{56}$/),
    });
    const ids = events.map(({ eventId }: { eventId: string }) => eventId);
    expect(new Set(ids).size).toBe(6);
    expect(ids).toEqual([...ids].sort());
  });

  test.each([
    [{ logStreamNames: ['web'], logStreamNamePrefix: 'w' }, 'InvalidParameterException'],
    [{ logStreamNames: ['unknown'] }, 'ResourceNotFoundException'],
    [{ filterPattern: '{ $.a == 1 }' }, 'InvalidParameterException'],
    [{ nextToken: 'nonsense' }, 'InvalidParameterException'],
    [{ nextToken: Buffer.from('{"after":{}}').toString('base64url') }, 'InvalidParameterException'],
    [{ startFromHead: false }, 'InvalidParameterException'],
    [{ startFromHead: false, startTime: Date.UTC(2023, 0, 1) }, 'InvalidParameterException'],
  ])('%j is refused with %s', async (input, code) => {
    const { call } = await threeStreams();
    await expect(call('FilterLogEvents', { logGroupName: 'g', ...input })).rejects.toMatchObject({ code });
  });

  test('ends a page after looking at much without a match, and goes on from there', async () => {
    const { call, put } = await worldWithStreams('s');
    for (let batch = 0; batch < 6; batch++) {
      await put('s', ...Array.from({ length: 10_000 }, () => event(NOW + batch, 'dull')));
    }
    await put('s', event(NOW + 10, 'needle'));
    const first = await call('FilterLogEvents', { logGroupName: 'g', filterPattern: 'needle' });
    expect(first.events).toEqual([]);
    const second = await call('FilterLogEvents', {
      logGroupName: 'g',
      filterPattern: 'needle',
      nextToken: first.nextToken,
    });
    expect(messagesOf(second)).toEqual(['needle']);
    expect(second.nextToken).toBeUndefined();
  });

  test('reads everything once in order, however events were put and pages are cut', async () => {
    const put = fc.record({
      stream: fc.constantFrom('s', 't', 'u'),
      offsets: fc.array(fc.nat(50), { minLength: 1, maxLength: 30 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(put, { maxLength: 20 }), fc.integer({ min: 1, max: 40 }), async (puts, limit) => {
        const made = await worldWithStreams('s', 't', 'u');
        const sent: string[] = [];
        for (const [batch, { stream, offsets }] of puts.entries()) {
          const events = offsets.sort((a, b) => a - b).map((offset, index) => event(NOW + offset, `${batch}.${index}`));
          sent.push(...events.map(({ message }) => message));
          await made.put(stream, ...events);
        }
        const found: { timestamp: number; message: string }[] = [];
        let nextToken: string | undefined;
        do {
          const page = await made.call('FilterLogEvents', { logGroupName: 'g', limit, nextToken });
          found.push(...page.events);
          nextToken = page.nextToken;
        } while (nextToken !== undefined);
        expect(found.map(({ message }) => message).sort()).toEqual(sent.sort());
        const times = found.map(({ timestamp }) => timestamp);
        expect(times).toEqual([...times].sort((a, b) => a - b));
      }),
      { numRuns: 40 },
    );
  });
});

test('TestMetricFilter numbers matches from 1 and extracts values', async () => {
  const { call } = await worldWithStreams();
  const answer = await call('TestMetricFilter', {
    filterPattern: '[level=ERROR, code]',
    logEventMessages: ['INFO 1', 'ERROR 2'],
  });
  expect(answer.matches).toEqual([
    {
      eventNumber: 2,
      eventMessage: 'ERROR 2',
      extractedValues: new Map([
        ['$level', 'ERROR'],
        ['$code', '2'],
      ]),
    },
  ]);
});

test('state is plain data: it survives a structured clone', async () => {
  const { engine, call, put } = await worldWithStreams('s');
  await put('s', event(NOW, 'kept'));
  engine.restore(structuredClone(engine.state));
  expect(messagesOf(await call('FilterLogEvents', { logGroupName: 'g' }))).toEqual(['kept']);
});
