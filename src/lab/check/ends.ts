interface Waiting {
  messageId: string;
  above: number;
  resolve: () => void;
}

/** How often consumers that tell it were done with each message, whatever came of it. */
export class Ends {
  readonly #counts = new Map<string, number>();
  #waiting: Waiting[] = [];

  count(messageId: string): number {
    return this.#counts.get(messageId) ?? 0;
  }

  /** Resolves when the number is above `above`. */
  until(messageId: string, above: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.count(messageId) > above) resolve();
      else this.#waiting.push({ messageId, above, resolve });
    });
  }

  note(messages: readonly string[]): void {
    for (const id of messages) this.#counts.set(id, this.count(id) + 1);
    const isDone = ({ messageId, above }: Waiting) => this.count(messageId) > above;
    const done = this.#waiting.filter(isDone);
    this.#waiting = this.#waiting.filter((each) => !isDone(each));
    for (const { resolve } of done) resolve();
  }
}
