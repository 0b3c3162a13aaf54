import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DataLoss } from '../../../src/emulator/persistence/data-loss.ts';
import { headerFrame, readHeader } from '../../../src/emulator/persistence/file-header.ts';
import { systemFiles } from '../../../src/emulator/persistence/files.ts';
import { FrameReader, seal } from '../../../src/emulator/persistence/frames.ts';
import { lab, NOON } from '../control/lab.ts';
import { asAfterKill, flip, temporaryDirectory } from './directory.ts';

type Lab = ReturnType<typeof lab>;

function open(dataDirectory: string, acceptLoss = false): Lab & { notices: string[] } {
  const notices: string[] = [];
  return { ...lab({ dataDirectory, acceptLoss, onNotice: (notice) => notices.push(notice) }), notices };
}

const peek = async ({ control }: Lab) =>
  (await control('GET /sqs/queues/q/messages')).body.messages?.map((message: { body: string }) => message.body);
const files = (directory: string) =>
  readdirSync(directory)
    .filter((name) => name.startsWith('state-'))
    .sort();
const last = (directory: string, kind: 'snapshot' | 'journal') =>
  join(
    directory,
    files(directory)
      .filter((name) => name.endsWith(`.${kind}`))
      .at(-1)!,
  );
const send = ({ call }: Lab, MessageBody: string) => call('sqs', 'SendMessage', { QueueUrl: 'q', MessageBody });

/** What the start is refused with. */
function refusal(directory: string): DataLoss {
  try {
    open(directory);
  } catch (error) {
    if (error instanceof DataLoss) return error;
    throw error;
  }
  throw new Error('the start was not refused');
}

/** A directory with the queue q of these messages, as a killed engine leaves it. */
async function killed(...bodies: string[]): Promise<string> {
  const directory = temporaryDirectory();
  const first = open(directory);
  await first.queueWith(...bodies);
  const copy = asAfterKill(directory);
  first.emulator.close();
  return copy;
}

async function stopped(...bodies: string[]): Promise<string> {
  const directory = temporaryDirectory();
  const first = open(directory);
  await first.queueWith(...bodies);
  first.emulator.close();
  return directory;
}

describe('a torn end of the journal', () => {
  it('is told from damage at every byte of an entry that nobody was told is kept', async () => {
    const directory = await killed('a');
    const journal = last(directory, 'journal');
    const whole = readFileSync(journal);
    const other = asAfterKill(directory);
    await send(open(other), 'torn');
    const longer = readFileSync(last(other, 'journal'));
    for (let size = whole.length; size <= longer.length; size += 7) {
      const copy = asAfterKill(directory);
      // The entry was under way when the process ended: the mark does not count it.
      appendFileSync(last(copy, 'journal'), longer.subarray(whole.length, size));
      const third = open(copy);
      expect(await peek(third)).toEqual(size === longer.length ? ['a', 'torn'] : ['a']);
      expect(third.notices).toHaveLength(size === whole.length || size === longer.length ? 0 : 1);
      await send(third, 'next');
      const fourth = open(asAfterKill(copy));
      expect((await peek(fourth)).at(-1)).toBe('next');
      expect(fourth.notices).toEqual([]);
    }
  });

  it('is kept beside the journal, and never written over', async () => {
    const directory = await killed('a');
    const journal = last(directory, 'journal');
    appendFileSync(journal, 'garbage that is no frame at all');
    const second = open(directory);
    expect(await peek(second)).toEqual(['a']);
    expect(second.notices[0]).toMatch(/the last 31 bytes of .* are half an entry .* \(kept as .*\.cut-1\)/);
    const again = asAfterKill(directory);
    appendFileSync(last(again, 'journal'), 'more');
    open(again);
    expect(readFileSync(`${last(again, 'journal')}.cut-1`, 'utf8')).toBe('garbage that is no frame at all');
    expect(readFileSync(`${last(again, 'journal')}.cut-2`, 'utf8')).toBe('more');
  });
});

describe('damage of the journal', () => {
  it('in the middle is refused, says how many calls are lost, and leaves what stands behind', async () => {
    const directory = await killed('a', 'b', 'c');
    const journal = last(directory, 'journal');
    // The body of the second message, with its tag for a string of one letter.
    flip(journal, readFileSync(journal).indexOf(Buffer.from([65, 98])) + 1);
    const { losses } = refusal(directory);
    expect(losses).toEqual([
      { cause: 'journal_damaged', file: journal, what: expect.stringContaining('1 acknowledged call is lost') },
    ]);
    const accepted = open(directory, true);
    expect(await peek(accepted)).toEqual(['a', 'c']);
    expect(accepted.notices).toContainEqual(expect.stringContaining('.journal.damaged-1'));
    expect(existsSync(`${journal}.damaged-1`)).toBe(true);
    const next = open(asAfterKill(directory));
    expect(await peek(next)).toEqual(['a', 'c']);
    expect(next.notices).toEqual([]);
  });

  it('that cut acknowledged entries off is no torn end', async () => {
    const directory = await killed('a', 'b', 'c');
    const journal = last(directory, 'journal');
    truncateSync(journal, statSync(journal).size - 3);
    expect(refusal(directory).losses[0]).toMatchObject({ cause: 'journal_truncated', file: journal });
    truncateSync(journal, 10);
    expect(refusal(directory).losses[0]).toMatchObject({ cause: 'journal_damaged', file: journal });
  });

  it.each([0, 30, 400])('of its first bytes (%s) costs nothing', async (at) => {
    const directory = await killed('a');
    const journal = last(directory, 'journal');
    const reader = headerEnd(journal);
    flip(journal, Math.min(at, reader + 20));
    const second = open(directory);
    expect(await peek(second)).toEqual(['a']);
    expect(second.notices[0]).toMatch(/nothing is (lost|known to be lost)/);
  });

  it('by removal is refused', async () => {
    const directory = await killed('a');
    const journal = last(directory, 'journal');
    rmSync(journal);
    expect(refusal(directory).losses).toMatchObject([{ cause: 'journal_missing', file: journal }]);
  });

  it('by an entry of a kind that this version does not know is refused', async () => {
    const directory = await killed('a');
    const journal = last(directory, 'journal');
    // "call" -> "cell", with a sound checksum.
    const bytes = readFileSync(journal);
    const start = bytes.indexOf('CLFO');
    const end = start + 12 + bytes.readUInt32LE(start + 4);
    const entry = Buffer.from(bytes.subarray(start, end));
    // Behind the names of the members.
    entry.write('cell', entry.lastIndexOf('call', entry.indexOf('service')));
    seal(entry, 'O').copy(bytes, start);
    writeFileSync(journal, bytes);
    expect(refusal(directory).losses).toMatchObject([{ cause: 'entry_unknown', file: journal }]);
  });
});

function headerEnd(path: string): number {
  const file = systemFiles.openSync(path, 'r');
  const head = readHeader(new FrameReader(systemFiles, file));
  systemFiles.closeSync(file);
  return head.is === 'header' ? head.end : 0;
}

describe('damage of the snapshot', () => {
  it('costs nothing while the generation before is there', async () => {
    const directory = await stopped('a', 'b');
    const snapshot = last(directory, 'snapshot');
    flip(snapshot, statSync(snapshot).size - 5);
    const second = open(directory);
    expect(await peek(second)).toEqual(['a', 'b']);
    expect(second.notices[0]).toMatch(/is damaged; nothing is lost/);
    expect(existsSync(`${snapshot}.damaged-1`)).toBe(true);
    second.emulator.close();
    const third = open(directory);
    expect(third.notices).toEqual([]);
    expect(await peek(third)).toEqual(['a', 'b']);
  });

  it('is refused where there is no other', async () => {
    const directory = await stopped('a');
    for (const name of files(directory)) {
      const path = join(directory, name);
      if (name.endsWith('.snapshot')) flip(path, statSync(path).size - 3);
    }
    expect(refusal(directory).losses.map(({ cause }) => cause)).toContain('snapshot_damaged');
    // What the journals hold is brought back.
    expect(await peek(open(directory, true))).toEqual(['a']);
  });

  it('by removal is refused where there is no other, and the journal stays', async () => {
    const directory = await killed('a');
    const snapshot = last(directory, 'snapshot');
    rmSync(snapshot);
    expect(refusal(directory).losses).toMatchObject([{ cause: 'snapshot_missing', file: snapshot }]);
    expect(files(directory)).toHaveLength(1);
    // What the journal holds is brought back.
    expect(await peek(open(directory, true))).toEqual(['a']);
  });

  it.each([
    ['newer', 4],
    ['older', 1],
  ] as const)('a %s format is called so, and refused', async (age, format) => {
    const directory = await stopped('a');
    const snapshot = last(directory, 'snapshot');
    const header = { file: 'snapshot', format, version: '9.9.9', lineage: '', generation: 2, at: 0 } as const;
    writeFileSync(snapshot, headerFrame({ ...header, clock: { offset: 0, frozenAt: undefined } }));
    const { losses } = refusal(directory);
    expect(losses[0]).toMatchObject({ cause: `format_${age}`, file: snapshot });
    expect(losses[0]!.what).toMatch(new RegExp(`written by an? ${age} version of cliffracer \\(9.9.9\\)`));
  });
});

describe('files in the wrong place', () => {
  it('are refused, and nothing is changed', async () => {
    const directory = await stopped('a');
    const [one, other] = [last(directory, 'snapshot'), last(directory, 'journal')];
    renameSync(one, `${one}.x`);
    renameSync(other, one);
    renameSync(`${one}.x`, other);
    const before = files(directory);
    expect(new Set(refusal(directory).losses.map(({ cause }) => cause))).toEqual(new Set(['file_misplaced']));
    expect(files(directory)).toEqual(before);
  });

  it('of another directory are refused', async () => {
    const directory = await killed('a');
    const foreign = temporaryDirectory();
    await lab({ dataDirectory: foreign, host: { now: () => NOON + 1, after: () => () => {} } }).queueWith('b', 'c');
    writeFileSync(last(directory, 'journal'), readFileSync(last(foreign, 'journal')));
    const { losses } = refusal(directory);
    expect(losses).toMatchObject([{ cause: 'file_misplaced' }]);
  });
});

describe('files of somebody else', () => {
  it('are never touched, whatever their names', async () => {
    const directory = temporaryDirectory();
    const names = ['letter.draft', 'state-00000001.snapshot.draft', 'state-00000000.journal', 'notes.txt', 'lock.txt'];
    for (const name of names) writeFileSync(join(directory, name), `mine: ${name}`);
    const first = open(directory);
    await first.queueWith('a');
    first.emulator.close();
    const second = open(directory);
    await second.queueWith('b');
    second.emulator.close();
    for (const name of names) expect(readFileSync(join(directory, name), 'utf8')).toBe(`mine: ${name}`);
  });

  it('are not written over by a named snapshot', async () => {
    const directory = temporaryDirectory();
    const first = open(directory);
    await first.queueWith('a');
    writeFileSync(join(directory, 'snapshots', 'mine'), 'text');
    expect((await first.control('POST /snapshots/mine')).status).toBe(400);
    expect(readFileSync(join(directory, 'snapshots', 'mine'), 'utf8')).toBe('text');
  });
});
