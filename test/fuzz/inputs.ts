import type { ServiceModel, Shape } from '../../src/emulator/models/model.ts';
import type { Dice } from './dice.ts';
import { attributeValue, type Harvest, hintFor } from './hints.ts';
import { weirdText } from './weird.ts';

/** Makes inputs that the model allows and, for the greater part, the world can answer. */
export class InputMaker {
  readonly #dice: Dice;
  readonly #model: ServiceModel;
  readonly #harvest: Harvest;

  constructor(dice: Dice, model: ServiceModel, harvest: Harvest) {
    this.#dice = dice;
    this.#model = model;
    this.#harvest = harvest;
  }

  input(shape: string): Record<string, unknown> {
    return this.#structure(this.#model.shape(shape), 0);
  }

  #value(shapeName: string, memberName: string, depth: number): unknown {
    const dice = this.#dice;
    const shape = this.#model.shape(shapeName);
    if (shape.type === 'string') {
      const harvested = this.#harvest.some(dice, memberName);
      if (harvested !== undefined) return harvested;
    }
    const hint = dice.chance(0.95) ? hintFor(dice, this.#model.id, memberName) : undefined;
    if (hint !== undefined && isOfType(hint.value, shape)) return hint.value;
    if (shapeName === 'AttributeValue' && this.#model.id === 'dynamodb') return attributeValue(dice, 3);
    switch (shape.type) {
      case 'structure':
        return this.#structure(shape, depth + 1);
      case 'list':
        return this.#list(shape, memberName, depth);
      case 'map':
        return this.#map(shape, memberName, depth);
      default:
        return this.#scalar(shape);
    }
  }

  #structure(shape: Shape, depth: number): Record<string, unknown> {
    const made: Record<string, unknown> = {};
    const optional = depth > 5 ? 0 : depth > 2 ? 0.1 : this.#dice.pick([0.1, 0.25, 0.5]);
    for (const [name, member] of Object.entries(shape.members ?? {})) {
      if (!shape.required?.includes(name) && !this.#dice.chance(optional)) continue;
      const value = this.#value(member.shape, name, depth);
      if (value !== undefined) made[name] = value;
    }
    return made;
  }

  #list(shape: Shape, memberName: string, depth: number): unknown[] {
    const count = Math.max(shape.min ?? 0, Math.min(shape.max ?? 3, 1 + this.#dice.int(depth > 4 ? 1 : 3)));
    const name = memberName.replace(/s$/, '');
    return this.#dice.times(count, () => this.#value(shape.member!.shape, name, depth + 1));
  }

  #map(shape: Shape, memberName: string, depth: number): Record<string, unknown> {
    const keys = memberName === 'RequestItems' ? ['items'] : this.#model.shape(shape.key!.shape).enum;
    const entries = this.#dice.times(1 + this.#dice.int(2), () => {
      const key = keys === undefined ? this.#dice.pick(['id', 'n', 'a', this.#dice.word()]) : this.#dice.pick(keys);
      return [key, this.#value(shape.value!.shape, 'value', depth + 1)] as const;
    });
    return Object.fromEntries(entries);
  }

  #scalar(shape: Shape): unknown {
    const dice = this.#dice;
    switch (shape.type) {
      case 'integer':
      case 'long':
        return (shape.min ?? 0) + dice.int(Math.min(20, (shape.max ?? 20) - (shape.min ?? 0) + 1));
      case 'double':
        return dice.pick([0, 1, -1.5, 1e10, 0.001]);
      case 'boolean':
        return dice.chance(0.5);
      case 'timestamp':
        return 1_767_225_600 - dice.pick([0, 60, 3600, 10 ** 6]);
      case 'blob':
        return dice.bytes(dice.int(20));
      default:
        if (shape.enum !== undefined && shape.enum.length > 0) return dice.pick(shape.enum);
        if (dice.chance(0.05)) return weirdText(dice);
        return dice
          .word()
          .padEnd(shape.min ?? 1, 'x')
          .slice(0, shape.max ?? 100);
    }
  }
}

function isOfType(value: unknown, { type }: Shape): boolean {
  if (value === undefined) return true;
  if (type === 'string') return typeof value === 'string';
  if (type === 'integer' || type === 'long' || type === 'double' || type === 'timestamp')
    return typeof value === 'number';
  if (type === 'blob') return value instanceof Uint8Array;
  return (type === 'structure' || type === 'map') && typeof value === 'object' && !ArrayBuffer.isView(value);
}
