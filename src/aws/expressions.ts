import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Condition as StoredCondition } from '../lab/stores/port.ts';
import type { Condition, Conditions, Update } from '../ports.ts';
import { attributeValue } from './attribute-values.ts';

/**
 * The expressions of one request, which share their placeholders. Every name gets one: it may be among DynamoDB's reserved
 * words (Developer Guide, Expression attribute names).
 */
export class Expressions {
  readonly #names = new Map<string, string>();
  readonly #values: AttributeValue[] = [];

  /** A condition or a filter; empty for no conditions. */
  conditions(conditions: Conditions): string {
    const [list, operator] = 'all' in conditions ? [conditions.all, ' AND '] : [conditions.any, ' OR '];
    return list.map((each) => this.condition(each)).join(operator);
  }

  condition(condition: Condition): string {
    const value = 'value' in condition ? attributeValue(condition.value) : undefined;
    return this.compare(this.name(condition.attribute), condition.comparison, value);
  }

  update(update: Update): string {
    const parts = 'add' in update ? this.#sums(update.add) : this.#defaults(update.setIfMissing);
    return `SET ${parts.join(', ')}`;
  }

  #sums(amounts: Record<string, number>): string[] {
    return Object.entries(amounts).map(([attribute, amount]) => {
      const name = this.name(attribute);
      return `${name} = ${name} ${amount < 0 ? '-' : '+'} ${this.#value({ N: String(Math.abs(amount)) })}`;
    });
  }

  #defaults(item: Extract<Update, { setIfMissing: unknown }>['setIfMissing']): string[] {
    return Object.entries(item).map(([attribute, value]) => {
      const name = this.name(attribute);
      return `${name} = if_not_exists(${name}, ${this.#value(attributeValue(value))})`;
    });
  }

  /** `name` is a placeholder, or several with dots between them. */
  compare(name: string, comparison: StoredCondition['comparison'], value: AttributeValue = { S: '' }): string {
    switch (comparison) {
      case 'exists':
        return `attribute_exists(${name})`;
      case 'missing':
        return `attribute_not_exists(${name})`;
      case 'begins_with':
      case 'contains':
        return `${comparison}(${name}, ${this.#value(value)})`;
      default:
        return `${name} ${comparison} ${this.#value(value)}`;
    }
  }

  name(attribute: string): string {
    const known = this.#names.get(attribute);
    if (known !== undefined) return known;
    const placeholder = `#n${this.#names.size}`;
    this.#names.set(attribute, placeholder);
    return placeholder;
  }

  #value(value: AttributeValue): string {
    return `:v${this.#values.push(value) - 1}`;
  }

  /** Names and values as members of the request; DynamoDB refuses empty ones. */
  get placeholders() {
    const names = Object.fromEntries([...this.#names].map(([attribute, placeholder]) => [placeholder, attribute]));
    const values = Object.fromEntries(this.#values.map((value, index) => [`:v${index}`, value]));
    return {
      ...(this.#names.size > 0 && { ExpressionAttributeNames: names }),
      ...(this.#values.length > 0 && { ExpressionAttributeValues: values }),
    };
  }
}
