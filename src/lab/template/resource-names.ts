import type { Declared } from './declaration.ts';
import { TemplateFault } from './fault.ts';
import { RESOURCE_TYPES, WITHOUT_EFFECT } from './known-types.ts';
import { madeName, namingOf } from './made.ts';
import type { Place, Scope } from './scope.ts';
import { readShape } from './shape.ts';
import { at, type Json, member } from './value.ts';

const PATTERNS: Readonly<Record<string, RegExp>> = {
  'AWS::SQS::Queue': /^[\w-]{1,80}$|^[\w-]{1,75}\.fifo$/,
  'AWS::SNS::Topic': /^[\w-]{1,256}$|^[\w-]{1,251}\.fifo$/,
  'AWS::DynamoDB::Table': /^[\w.-]{3,255}$/,
  'AWS::S3::Bucket': /^(?=.{3,63}$)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])$/,
  'AWS::Logs::LogGroup': /^[\w./#-]{1,512}$/,
  'AWS::Lambda::Function': /^[\w:-]{1,170}$/,
};

/** The names of a template's resources, each worked out when it is first asked for. */
export class ResourceNames {
  readonly #declared: Map<string, Declared>;
  readonly #place: Place;
  readonly #names = new Map<string, string>();
  /** Names that are being worked out, each for the one before. */
  readonly #open: string[] = [];
  #made: ReadonlySet<string>;

  constructor(declared: readonly Declared[], place: Place) {
    this.#declared = new Map(declared.map((each) => [each.id, each]));
    this.#place = place;
    this.#made = new Set(this.#declared.keys());
  }

  /** Forgets those whose condition does not hold. */
  keep(made: readonly Declared[]): void {
    this.#made = new Set(made.map(({ id }) => id));
  }

  has(id: string): boolean {
    return this.#made.has(id);
  }

  nameOf(id: string, scope: Scope): string {
    const known = this.#names.get(id);
    if (known !== undefined) return known;
    const declared = this.#declared.get(id)!;
    if (this.#open.includes(id)) {
      throw new TemplateFault(declared.path, `names refer to each other: ${[...this.#open, id].join(' -> ')}`);
    }
    this.#open.push(id);
    try {
      const name = this.#workOut(declared, scope);
      this.#names.set(id, name);
      return name;
    } finally {
      this.#open.pop();
    }
  }

  #workOut({ id, type, path, properties }: Declared, scope: Scope): string {
    const { property } = namingOf(type);
    const read = (name: string, shape: 'text' | 'flag') => {
      const value = member(properties, name);
      return value === undefined ? undefined : readShape(shape, value, at(path, name), scope, () => {});
    };
    const fifo = ['FifoQueue', 'FifoTopic'].some((name) => read(name, 'flag') === true);
    const given = property === undefined ? undefined : read(property, 'text');
    const name = given === undefined ? madeName(type, id, this.#place, fifo) : String(given);
    const pattern = member(PATTERNS, type);
    const where = property === undefined ? path : at(path, property);
    if (pattern !== undefined && !pattern.test(name)) {
      throw new TemplateFault(where, `${JSON.stringify(name.slice(0, 80))} is no name of a resource of type ${type}`);
    }
    if ((type === 'AWS::SQS::Queue' || type === 'AWS::SNS::Topic') && name.endsWith('.fifo') !== fifo) {
      throw new TemplateFault(where, `${name}: a FIFO name ends with .fifo, and no other does`);
    }
    return name;
  }

  ref(id: string, path: string, scope: Scope): Json {
    const { type } = this.#known(id, path);
    return namingOf(type).ref(this.nameOf(id, scope), this.#place, id);
  }

  getAtt(id: string, attribute: string, path: string, scope: Scope): Json {
    const { type } = this.#known(id, path);
    const found = member(namingOf(type).attributes, attribute);
    if (found !== undefined) return found(this.nameOf(id, scope), this.#place, id);
    throw new TemplateFault(path, `attribute ${attribute} of ${id} (${type}) is not known`, { unknown: true });
  }

  #known(id: string, path: string): Declared {
    const declared = this.#declared.get(id);
    if (declared === undefined) throw new TemplateFault(path, `there is no parameter or resource ${id}`);
    if (!this.#made.has(id))
      throw new TemplateFault(path, `refers to ${id}, which is not made: its condition does not hold`);
    if (Object.hasOwn(RESOURCE_TYPES, declared.type) || Object.hasOwn(WITHOUT_EFFECT, declared.type)) return declared;
    throw new TemplateFault(path, `refers to ${id}, of type ${declared.type}, which is not known`, { unknown: true });
  }
}
