interface Shape {
  next: Map<string, Shape>;
  id: number;
  /** The value in which the shape was told; a reader of another value does not know it. */
  round: number;
}

const MOST_SHAPES = 20_000;

/** Numbers the lists of member names that objects have, in the order in which one value tells them. */
export class ShapeTable {
  #root: Shape = { next: new Map(), id: 0, round: 0 };
  #nodes = 0;
  #round = 0;
  #told = 0;

  /** Starts another value, whose reader knows no shape yet. */
  begin(): void {
    this.#round++;
    this.#told = 0;
    if (this.#nodes > MOST_SHAPES) this.#forget();
  }

  of(names: readonly string[]): { id: number; isNew: boolean } {
    let shape = this.#root;
    for (const name of names) {
      let next = shape.next.get(name);
      if (next === undefined) {
        next = { next: new Map(), id: 0, round: 0 };
        shape.next.set(name, next);
        this.#nodes++;
      }
      shape = next;
    }
    const isNew = shape.round !== this.#round;
    if (isNew) {
      shape.round = this.#round;
      shape.id = this.#told++;
      // Objects that are dictionaries would fill the memory with shapes of one object each.
      if (this.#nodes > MOST_SHAPES) this.#forget();
    }
    return { id: shape.id, isNew };
  }

  #forget(): void {
    this.#root = { next: new Map(), id: 0, round: 0 };
    this.#nodes = 0;
  }
}
