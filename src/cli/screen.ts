import { emitKeypressEvents, type Interface } from 'node:readline';
import type { Io } from './io.ts';

/** A key as its character, or by its name: `up`, `return`, `ctrl-c`. */
export type Key = string;

/** What the screen needs of the process: signals, and an end that it hears of. */
export interface Signals {
  /** Runs on a signal instead of what the system does then; the answer takes that back. */
  onSignal(signal: 'SIGHUP' | 'SIGTSTP' | 'SIGCONT', run: () => void): () => void;
  kill(pid: number, signal: NodeJS.Signals): void;
  atExit(run: () => void): void;
}

const ESC = '\u001b[';
// xterm's control sequences (invisible-island.net/xterm/ctlseqs): the alternate screen, the cursor, lines that do not wrap.
const ENTER = `${ESC}?1049h${ESC}?25l${ESC}?7l${ESC}2J`;
const LEAVE = `${ESC}0m${ESC}?7h${ESC}?25h${ESC}?1049l`;
/** A terminal that knows synchronized output shows what stands between as one; others ignore it. */
const BEGIN = `${ESC}?2026h`;
const END = `${ESC}?2026l`;
/** A lone Esc is told from the beginning of an arrow key by what follows within this time. */
const ESCAPE_MS = 50;
/** Of this process's whole group, as the terminal itself stops it on Ctrl-Z. */
const OWN_GROUP = 0;

export interface ScreenOptions {
  io: Io;
  signals: Signals;
  onKey(key: Key): void;
  /** The size changed, or the screen is back: everything has to be drawn. */
  onChange(): void;
  /** The terminal has gone. */
  onHangUp(): void;
}

/**
 * The terminal as one screen of lines, drawn at absolute positions. What was there before comes back on `close`, on every end of
 * the process that it hears of, and while it is stopped.
 */
export class Screen {
  readonly #options: ScreenOptions;
  /** The lines as they stand there now; empty when that is not known. */
  #drawn: string[] = [];
  #isOpen = false;
  #isBlocked = false;
  /** The newest frame that could not be written yet. */
  #waiting: readonly string[] | undefined;
  #endings: (() => void)[] = [];

  constructor(options: ScreenOptions) {
    this.#options = options;
  }

  get size(): { columns: number; rows: number } {
    const { columns = 80, rows = 24 } = this.#options.io.stdout;
    return { columns, rows };
  }

  open(): void {
    const { io, signals, onHangUp } = this.#options;
    // Once a stream has a decoder of keys, readline takes it as it is; its own waits 500 ms.
    emitKeypressEvents(io.stdin, { escapeCodeTimeout: ESCAPE_MS } as unknown as Interface);
    io.stdin.on('keypress', this.#onKey);
    io.stdout.on?.('resize', this.#redraw);
    this.#endings = [
      signals.onSignal('SIGHUP', onHangUp),
      signals.onSignal('SIGCONT', () => this.#enter()),
      signals.onSignal('SIGTSTP', () => this.suspend()),
    ];
    signals.atExit(() => this.#leave());
    this.#enter();
  }

  close(): void {
    const { io } = this.#options;
    this.#leave();
    for (const end of this.#endings) end();
    io.stdin.off('keypress', this.#onKey);
    io.stdout.off?.('resize', this.#redraw);
    io.stdin.pause();
  }

  /** Stops the process as Ctrl-Z does elsewhere, with the terminal as it was before. */
  suspend(): void {
    this.#leave();
    const { signals } = this.#options;
    this.#endings.pop()?.();
    signals.kill(OWN_GROUP, 'SIGTSTP');
    this.#endings.push(signals.onSignal('SIGTSTP', () => this.suspend()));
    // Where nobody could continue it, as without a shell, the system does not stop it.
    setImmediate(() => {
      if (!this.#isOpen) this.#enter();
    });
  }

  /** Writes what differs from the last frame. While the terminal takes nothing, only the newest frame is kept. */
  draw(lines: readonly string[]): void {
    if (!this.#isOpen) return;
    if (this.#isBlocked) {
      this.#waiting = lines;
      return;
    }
    const changes = lines.flatMap((line, index) => changedParts(line, this.#drawn[index], index + 1));
    this.#drawn = [...lines];
    if (changes.length > 0) this.#write(BEGIN + changes.join('') + END);
  }

  /** Draws everything anew with the next frame. */
  forget(): void {
    this.#drawn = [];
  }

  readonly #onKey = (text: string | undefined, key: { name?: string; ctrl?: boolean; shift?: boolean } | undefined) => {
    const name = keyName(text, key ?? {});
    if (name !== undefined) this.#options.onKey(name);
  };

  readonly #redraw = () => {
    this.forget();
    if (this.#isOpen) this.#write(`${ESC}2J`);
    this.#options.onChange();
  };

  #enter(): void {
    const { stdin } = this.#options.io;
    // A shell that had the terminal meanwhile left it in its own mode, and Node sets no mode that it believes to be set.
    stdin.setRawMode?.(false);
    stdin.setRawMode?.(true);
    stdin.resume();
    this.#isOpen = true;
    this.forget();
    this.#write(ENTER);
    this.#options.onChange();
  }

  #leave(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#waiting = undefined;
    this.#options.io.stdin.setRawMode?.(false);
    this.#options.io.stdout.write(LEAVE);
  }

  #write(text: string): void {
    const { stdout } = this.#options.io;
    if (stdout.write(text) || stdout.once === undefined) return;
    this.#isBlocked = true;
    stdout.once('drain', () => {
      this.#isBlocked = false;
      const newest = this.#waiting;
      this.#waiting = undefined;
      if (newest !== undefined) this.draw(newest);
    });
  }
}

/** The parts of a line, each but the first behind the place (CHA) at which a drawing puts it. */
function partsOf(line: string): string[] {
  const parts: string[] = [];
  let start = 0;
  // Looked for from its end: a G is rare, and colours are not.
  for (let end = line.indexOf('G'); end !== -1; end = line.indexOf('G', end + 1)) {
    let place = end;
    while (place > start && isDigit(line.charCodeAt(place - 1))) place--;
    if (place === end || !line.startsWith(ESC, place - ESC.length) || place - ESC.length < start) continue;
    if (place - ESC.length > 0) parts.push(line.slice(start, place - ESC.length));
    start = place - ESC.length;
  }
  parts.push(line.slice(start));
  return parts;
}

const isDigit = (unit: number) => unit >= 0x30 && unit <= 0x39;

/** What has to be written of a line: the parts that changed, or all of it. */
function changedParts(line: string, before: string | undefined, row: number): string[] {
  if (line === before) return [];
  const [parts, known] = [partsOf(line), before === undefined ? undefined : partsOf(before)];
  if (parts.length === 1 || known?.length !== parts.length) return [`${ESC}${row};1H${ESC}2K${line}${ESC}0m`];
  return parts.flatMap((part, index) => (part === known[index] ? [] : [`${ESC}${row};1H${part}${ESC}0m`]));
}

/** Keys that readline names and that are no characters. */
const NAMED = /^(up|down|left|right|return|enter|escape|tab|space|backspace|home|end|pageup|pagedown)$/;

function keyName(
  text: string | undefined,
  { name = '', ctrl = false, shift = false }: { name?: string; ctrl?: boolean; shift?: boolean },
): Key | undefined {
  if (ctrl) return name === '' ? undefined : `ctrl-${name}`;
  if (name === 'tab' && shift) return 'backtab';
  if (name === 'enter') return 'return';
  if (NAMED.test(name)) return name;
  return text === undefined || text === '' || text.startsWith('\u001b') ? undefined : text;
}
