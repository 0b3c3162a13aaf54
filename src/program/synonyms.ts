import { ENTRIES } from '../commands/index.ts';

/** What people who come from other tools type first. */
const COMMANDS: ReadonlyMap<string, string> = new Map([
  ['start', 'up'],
  ['serve', 'up'],
  ['stop', 'down'],
  ['kill', 'down'],
  ['restart', 'down'],
  ['status', 'health'],
  ['info', 'health'],
  ['ping', 'health'],
  ['ls', 'ps'],
  ['init', 'provision'],
  ['deploy', 'provision'],
  ['apply', 'provision'],
  ['plan', 'diff'],
  ['teardown', 'destroy'],
  ['work', 'run'],
  ['tail', 'logs'],
  ['check', 'audit'],
]);

/** And after the name of a group. */
const MEMBERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['ls', ['list', 'show']],
  ['get', ['show']],
  ['view', ['show', 'list']],
  ['new', ['create', 'add']],
  ['place', ['create']],
  ['add', ['create', 'save']],
  ['create', ['add', 'save']],
  ['rm', ['delete', 'clear', 'cancel', 'purge']],
  ['remove', ['delete', 'clear', 'cancel', 'purge']],
  ['delete', ['cancel', 'clear', 'purge']],
  ['restore', ['load']],
  ['take', ['save']],
  ['pause', ['freeze']],
  ['stop', ['freeze']],
  ['release', ['resume']],
  ['start', ['resume', 'storm']],
]);

/**
 * The command that an unknown word most likely means, where no likeness of letters leads there: `start` is `up`, `create` is
 * `order create`, `order ls` is `order list`. Undefined when nothing is known.
 */
export function meantBy(word: string, group?: string): string | undefined {
  if (group !== undefined) {
    const members = MEMBERS.get(word) ?? [];
    return members.map((member) => `${group} ${member}`).find((path) => ENTRIES.some((each) => each.path === path));
  }
  return COMMANDS.get(word) ?? ENTRIES.find(({ path }) => path.split(' ')[1] === word)?.path;
}
