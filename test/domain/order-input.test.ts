import { describe, expect, it } from 'vitest';
import { CATALOGUE, type Product } from '../../src/domain/catalogue.ts';
import { type OrderRequest, parseItem, validateOrder } from '../../src/domain/order-input.ts';
import { CliffracerError } from '../../src/errors.ts';

const request = (over: Partial<OrderRequest> = {}): OrderRequest => ({
  customer: { id: 'ada', name: 'Ada Lovelace' },
  items: [{ sku: 'laptop-pro', quantity: 1 }],
  ...over,
});
const named = (name: string) => request({ customer: { id: 'ada', name } });

function refusalOf(act: () => unknown): CliffracerError {
  try {
    act();
  } catch (error) {
    if (error instanceof CliffracerError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

describe('SKU:QTY', () => {
  it.each([
    ['laptop-pro:1', { sku: 'laptop-pro', quantity: 1 }],
    ['keyboard:02', { sku: 'keyboard', quantity: 2 }],
    ['a:1000', { sku: 'a', quantity: 1000 }],
  ])('reads %s', (text, item) => expect(parseItem(text)).toEqual(item));

  it.each([
    ['laptop-pro', 'item "laptop-pro" is not SKU:QTY'],
    ['', 'item "" is not SKU:QTY'],
    [':1', 'item ":1" is not SKU:QTY'],
    ['a:', 'item "a:" is not SKU:QTY'],
    ['a b:1', 'item "a b:1" is not SKU:QTY'],
    ['a:0', 'quantity 0 of "a" orders nothing'],
    ['a:1001', 'quantity 1001 of "a" is above 1000'],
    ['a:-1', 'quantity "-1" of item "a:-1" is negative'],
    ['a:1.5', 'quantity "1.5" of item "a:1.5" is not whole'],
    ['a:x', 'quantity "x" of item "a:x" is not a number'],
    ['a:1e3', 'quantity "1e3" of item "a:1e3" is not a number'],
    ['a:1:2', 'quantity "1:2" of item "a:1:2" is not a number'],
    ['a:\u0661', 'quantity "\u0661" of item "a:\u0661" is not a number'],
  ])('refuses %j', (text, message) => {
    const error = refusalOf(() => parseItem(text));
    expect(error).toMatchObject({ code: 'invalid_input', exitCode: 2, message });
    expect(error.hint).toBeDefined();
  });
});

describe('a new order', () => {
  it('is priced from the catalogue, duplicates merged in order of first mention', () => {
    const items = [
      { sku: 'keyboard', quantity: 1 },
      { sku: 'laptop-pro', quantity: 1 },
      { sku: 'keyboard', quantity: 1 },
    ];
    expect(validateOrder(request({ items }), CATALOGUE)).toEqual({
      customer_id: 'ada',
      customer_name: 'Ada Lovelace',
      items: [
        { sku: 'keyboard', name: 'Keyboard', quantity: 2, unit_price: '149.99' },
        { sku: 'laptop-pro', name: 'Laptop Pro', quantity: 1, unit_price: '1299.99' },
      ],
      total_amount: '1599.97',
      payment: 'approve',
    });
  });

  it.each([
    ['unicode', 'Zoë 🦊 Müller-李', 'Zoë 🦊 Müller-李'],
    ['a decomposed letter', 'Zoe\u0308', 'Zoë'],
    ['spaces around', '  Ada ', 'Ada'],
    ['a hundred emoji', '🦊'.repeat(100), '🦊'.repeat(100)],
  ])('takes a name with %s', (_, name, stored) => {
    expect(validateOrder(named(name), CATALOGUE).customer_name).toBe(stored);
  });

  it('goes by the id when there is no name', () => {
    expect(validateOrder(request({ customer: { id: 'grace' } }), CATALOGUE).customer_name).toBe('grace');
  });

  const items = (sku: string, ...quantities: number[]) =>
    request({ items: quantities.map((quantity) => ({ sku, quantity })) });
  it.each([
    ['no items', items('laptop-pro'), 'the order has no items'],
    ['an unknown product', items('teapot', 1), 'no product "teapot"'],
    ['a product called as every object has one', items('__proto__', 1), 'no product "__proto__"'],
    ['quantity 0', items('laptop-pro', 0), 'quantity 0 of "laptop-pro" orders nothing'],
    ['a negative quantity', items('laptop-pro', -2), 'quantity -2 of "laptop-pro" is negative'],
    ['half a laptop', items('laptop-pro', 0.5), 'quantity 0.5 of "laptop-pro" is not whole'],
    ['a huge quantity', items('laptop-pro', 1001), 'quantity 1001 of "laptop-pro" is above 1000'],
    ['NaN', items('laptop-pro', Number.NaN), 'quantity NaN of "laptop-pro" is not a number'],
    ['too many once merged', items('laptop-pro', 600, 600), 'quantity 1200 of "laptop-pro" is above 1000'],
    ['an unknown payment', request({ payment: 'maybe' }), 'payment "maybe" is not known'],
    ['an empty id', request({ customer: { id: '' } }), 'customer "" is not a customer id'],
    ['a unicode id', request({ customer: { id: 'zoë' } }), 'customer "zoë" is not a customer id'],
    ['an id with a slash', request({ customer: { id: '../x' } }), 'customer "../x" is not a customer id'],
    [
      'a long id',
      request({ customer: { id: 'x'.repeat(65) } }),
      `customer "${'x'.repeat(40)}..." is not a customer id`,
    ],
    ['an empty name', named('  '), 'customer name "  " is empty'],
    ['a terminal escape', named('\u001b[2JAda'), 'customer name "\\u001b[2JAda" has a control character'],
    ['a C1 control', named('\u009b31mAda'), 'customer name "\\u{9b}31mAda" has a control character'],
    ['a line break', named('A\nda'), 'customer name "A\\nda" has a control character'],
    ['a direction mark', named('A\u202eda'), 'customer name "A\\u{202e}da" has a control character'],
    ['half a surrogate pair', named('A\ud800da'), 'customer name "A\\ud800da" has a control character'],
    ['a long name', named('é'.repeat(101)), `customer name "${'é'.repeat(40)}..." has 101 characters`],
    [
      'a name of a megabyte',
      named('x'.repeat(1_000_000)),
      `customer name "${'x'.repeat(40)}..." has 1000000 characters`,
    ],
  ])('with %s is refused', (_, asked, message) => {
    const error = refusalOf(() => validateOrder(asked, CATALOGUE));
    expect(error).toMatchObject({ code: 'invalid_input', exitCode: 2, message });
    expect(error.message).not.toMatch(/[\n\u001b\u009b\u202e]/);
  });

  it('has a bound on its total, and on the number of products', () => {
    const dear: Product[] = [{ sku: 'yacht', name: 'Yacht', price: 5_000_000 }];
    expect(refusalOf(() => validateOrder(items('yacht', 201), dear)).message).toBe("the order's total is 10050000.00");
    expect(validateOrder(items('yacht', 200), dear).total_amount).toBe('10000000.00');
    const many = Array.from({ length: 51 }, (_, index) => ({ sku: `p${index}`, name: 'P', price: 1 }));
    const all = request({ items: many.map(({ sku }) => ({ sku, quantity: 1 })) });
    expect(refusalOf(() => validateOrder(all, many)).message).toBe('the order has 51 products');
  });
});
