/** A flag of every command as the user typed it, such as `['--region', 'eu-west-1']`. */
export type TypedFlag = readonly [flag: string, value: string];

/** Commands that find what they need without flags, and those that need nothing but the engine. */
const WITHOUT_FLAGS = /^(down|ps|config|completion|demo|chaos)$/;
const OF_THE_ENGINE = /^(health|env|logs|doctor|clock|snapshot|fault|conformance)$/;
const PLAIN = /^[\w.:/@-]+$/;

/**
 * Repeats the flags that the user typed in each command that a text names, so that the command means the same engine,
 * region and stack: `cliffracer provision` becomes `cliffracer provision --region eu-west-1`. `groups` are the words that a
 * second one follows.
 */
export function repeatFlags(text: string, typed: readonly TypedFlag[], groups: readonly string[]): string {
  const flags = typed.filter(([, value]) => PLAIN.test(value));
  if (flags.length === 0) return text;
  const command = new RegExp(`\\bcliffracer ((?:${groups.join('|')}) [a-z]+|[a-z]+)`, 'g');
  return text.replace(command, (found: string, words: string, at: number) => {
    const [rest] = text.slice(at + found.length).split('cliffracer ');
    return found + flagsFor(words, rest!, flags);
  });
}

function flagsFor(words: string, rest: string, flags: readonly TypedFlag[]): string {
  const [first = ''] = words.split(' ');
  if (WITHOUT_FLAGS.test(first) || rest.startsWith(' --help')) return '';
  const missing = flags.filter(([flag]) => {
    if (rest.includes(flag)) return false;
    if (flag === '--endpoint-url') return !/ --port\b/.test(rest);
    return !OF_THE_ENGINE.test(first) || flag === '--target';
  });
  return missing.map(([flag, value]) => ` ${flag} ${value}`).join('');
}
