const BRACKET = '['.charCodeAt(0);

/** JSON of a number and a value: what a service keeps much of, and looks into now and then. */
export class PackedText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  static of(number: number, value: unknown): PackedText {
    const text = JSON.stringify([number, value]);
    // Asked for a character, V8 makes one string of the pieces that it has put it together from, which would take more memory.
    if (text.charCodeAt(0) !== BRACKET) throw new Error('no list');
    return new PackedText(text);
  }

  /** Read anew each time. */
  get value(): unknown {
    return (JSON.parse(this.text) as [number, unknown])[1];
  }
}
