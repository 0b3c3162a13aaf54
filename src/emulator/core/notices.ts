/** Different notices that are written at most, so that no program can fill the disk with them. */
const MOST = 2000;
const LONGEST = 500;

/** What the user ought to know and no answer tells. Each is written once, however often it happens. */
export class Notices {
  /** Where they go. */
  write: (text: string) => void = () => {};
  readonly #written = new Set<string>();

  add(text: string): void {
    const notice = text.slice(0, LONGEST);
    if (this.#written.size > MOST || this.#written.has(notice)) return;
    this.#written.add(notice);
    this.write(this.#written.size > MOST ? 'further notices are left out' : notice);
  }
}
