import { AwsError } from '../../core/errors.ts';
import type { Work } from '../../core/work.ts';

/** A filter pattern, ready to be applied to messages. */
export interface Pattern {
  matches(message: string): Work<boolean>;
  /** Named values of a matching message, as TestMetricFilter reports them. */
  extract(message: string): Map<string, string>;
}

export const isSpace = (char: string | undefined): boolean =>
  char === ' ' || char === '\t' || char === '\n' || char === '\r';

/** AWS's answer to a pattern that it cannot read, naming the part it stumbled over. */
export const invalidTerm = (term: string): AwsError =>
  new AwsError('InvalidParameterException', `Invalid character(s) in term '${term}'`);

export const invalidPattern = (reason: string): AwsError =>
  new AwsError('InvalidParameterException', `Invalid filter pattern: ${reason}`);

/** Reads a filter pattern from left to right. */
export class Scanner {
  readonly text: string;
  index = 0;

  constructor(text: string) {
    this.text = text;
  }

  get done(): boolean {
    return this.index >= this.text.length;
  }

  peek(ahead = 0): string | undefined {
    return this.text[this.index + ahead];
  }

  skipSpaces(): void {
    while (isSpace(this.peek())) this.index++;
  }

  take(word: string): boolean {
    if (!this.text.startsWith(word, this.index)) return false;
    this.index += word.length;
    return true;
  }

  takeWhile(belongs: (char: string) => boolean): string {
    const start = this.index;
    while (!this.done && belongs(this.text[this.index]!)) this.index++;
    return this.text.slice(start, this.index);
  }

  /** What stands here up to the next space, for an error to name. */
  rest(): string {
    return /^\S*/.exec(this.text.slice(this.index))![0] || this.text;
  }

  /** The content of a quoted string that starts here; `\"` and `\\` stand for the character itself. */
  quoted(quote: '"' | "'" = '"'): string {
    const start = this.index++;
    let content = '';
    for (;;) {
      const char = this.peek();
      if (char === undefined) throw invalidTerm(this.text.slice(start));
      this.index++;
      if (char === quote) return content;
      const next = this.peek();
      if (char === '\\' && (next === quote || next === '\\')) {
        content += next;
        this.index++;
      } else content += char;
    }
  }

  /** The source of a regular expression `%...%` that starts here. */
  percented(): string {
    const end = this.text.indexOf('%', this.index + 1);
    if (end < 0) throw invalidTerm(this.rest());
    const source = this.text.slice(this.index + 1, end);
    this.index = end + 1;
    return source;
  }
}
