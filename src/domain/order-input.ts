import { CliffracerError } from '../errors.ts';
import type { Product } from './catalogue.ts';
import { MAX_LINES, totalOf } from './lines.ts';
import { type Cents, formatMoney } from './money.ts';
import { type OrderLine, PAYMENT_INSTRUCTIONS, type PaymentInstruction } from './records.ts';

export const MAX_QUANTITY = 1000;
export const MAX_NAME_LENGTH = 100;
/** 10,000,000.00 */
export const MAX_TOTAL: Cents = 1_000_000_000;

export interface ItemRequest {
  sku: string;
  quantity: number;
}

/** An order as somebody asks for it. */
export interface OrderRequest {
  customer: { id: string; name?: string | undefined; email?: string | undefined };
  items: readonly ItemRequest[];
  payment?: string | undefined;
}

/** An order that may be placed. */
export type NewOrder = {
  customer_id: string;
  customer_name: string;
  /** Kept with a new customer, not with the order. */
  customer_email?: string;
  items: OrderLine[];
  total_amount: string;
  payment: PaymentInstruction;
};

/** Reads `SKU:QTY`, as `laptop-pro:2`; refuses at once a quantity that no order may have. */
export function parseItem(text: string): ItemRequest {
  const match = /^([^:\s]+):(.+)$/su.exec(text);
  if (match === null) throw refusal(`item ${shown(text)} is not SKU:QTY`, 'write it as laptop-pro:1');
  const item = { sku: match[1]!, quantity: parseQuantity(match[2]!, text) };
  checkQuantity(item.quantity, item.sku);
  return item;
}

function parseQuantity(digits: string, item: string): number {
  if (/^\d+$/.test(digits)) return Number(digits);
  const why = /^-\d/.test(digits) ? 'is negative' : /^\d*[.,]\d+$/.test(digits) ? 'is not whole' : 'is not a number';
  throw refusal(`quantity ${shown(digits)} of item ${shown(item)} ${why}`, `take 1 to ${MAX_QUANTITY}`);
}

/** Checks a whole request against the products there are; throws `invalid_input` naming the first wrong value. */
export function validateOrder(request: OrderRequest, products: readonly Product[]): NewOrder {
  const customer_id = checkCustomerId(request.customer.id);
  const customer_name = checkName(request.customer.name ?? customer_id);
  const { email } = request.customer;
  const customer_email = email === undefined ? {} : { customer_email: checkEmail(email) };
  const payment = checkPayment(request.payment ?? 'approve');
  const items = orderLines(request.items, products);
  const total = totalOf(items);
  if (total === undefined || total > MAX_TOTAL) {
    const sum = total === undefined ? 'too much' : formatMoney(total);
    throw refusal(`the order's total is ${sum}`, `an order may cost up to ${formatMoney(MAX_TOTAL)}: split it`);
  }
  return { customer_id, customer_name, ...customer_email, items, total_amount: formatMoney(total), payment };
}

/** Lines of the same product become one. */
function orderLines(items: readonly ItemRequest[], products: readonly Product[]): OrderLine[] {
  if (items.length === 0) throw refusal('the order has no items', 'add --item laptop-pro:1');
  const lines = new Map<string, OrderLine>();
  for (const { sku, quantity } of items) {
    const product = products.find((candidate) => candidate.sku === sku);
    if (product === undefined) {
      throw refusal(`no product ${shown(sku)}`, `there are ${products.map((known) => known.sku).join(', ')}`);
    }
    checkQuantity(quantity, sku);
    const merged = quantity + (lines.get(sku)?.quantity ?? 0);
    checkQuantity(merged, sku);
    lines.set(sku, { sku, name: product.name, quantity: merged, unit_price: formatMoney(product.price) });
  }
  if (lines.size > MAX_LINES) throw refusal(`the order has ${lines.size} products`, `take at most ${MAX_LINES}`);
  return [...lines.values()];
}

function checkQuantity(quantity: number, sku: string): void {
  const hint = `take 1 to ${MAX_QUANTITY}`;
  if (!Number.isFinite(quantity)) throw refusal(`quantity ${quantity} of ${shown(sku)} is not a number`, hint);
  if (quantity < 0) throw refusal(`quantity ${quantity} of ${shown(sku)} is negative`, hint);
  if (quantity === 0) throw refusal(`quantity 0 of ${shown(sku)} orders nothing`, hint);
  if (!Number.isInteger(quantity)) throw refusal(`quantity ${quantity} of ${shown(sku)} is not whole`, hint);
  if (quantity > MAX_QUANTITY) throw refusal(`quantity ${quantity} of ${shown(sku)} is above ${MAX_QUANTITY}`, hint);
}

/** The id itself; throws `invalid_input`, as the checks below do. */
export function checkCustomerId(id: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$/.test(id)) return id;
  throw refusal(`customer ${shown(id)} is not a customer id`, 'take 1 to 64 letters, digits and . _ @ + - (as ada)');
}

// Control characters and lone surrogates (SQS refuses them in a message), line separators, marks that turn the
// direction of text, and non-characters. Everything else that Unicode has is a name to somebody.
const UNFIT = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\ufffe\uffff]/u;

/** The name in Unicode's normal form C, without spaces around it. */
export function checkName(name: string): string {
  const normal = name.normalize('NFC').trim();
  if (normal === '') throw refusal(`customer name ${shown(name)} is empty`, 'give a name, or leave it out');
  if (UNFIT.test(normal)) {
    throw refusal(`customer name ${shown(name)} has a control character`, 'take letters, digits, spaces and signs');
  }
  const length = [...normal].length;
  if (length <= MAX_NAME_LENGTH) return normal;
  throw refusal(`customer name ${shown(name)} has ${length} characters`, `take at most ${MAX_NAME_LENGTH}`);
}

const MAX_EMAIL_LENGTH = 254;

/** An address that has two parts; whether mail arrives there is not looked into. */
export function checkEmail(email: string): string {
  const trimmed = email.trim();
  const fits = /^[^\s@]+@[^\s@]+$/.test(trimmed) && !UNFIT.test(trimmed) && trimmed.length <= MAX_EMAIL_LENGTH;
  if (fits) return trimmed;
  throw refusal(`email ${shown(email)} is not an address`, 'write it as ada@example.com');
}

function checkPayment(payment: string): PaymentInstruction {
  const known = PAYMENT_INSTRUCTIONS.find((instruction) => instruction === payment);
  if (known !== undefined) return known;
  throw refusal(`payment ${shown(payment)} is not known`, `take ${PAYMENT_INSTRUCTIONS.join(' or ')}`);
}

const refusal = (message: string, hint: string) => new CliffracerError('invalid_input', message, { hint });

/** A value given by the user as it may stand in an error: quoted, short, nothing that a terminal would obey. */
function shown(value: string): string {
  const characters = [...value];
  const short = characters.length > 40 ? `${characters.slice(0, 40).join('')}...` : value;
  return JSON.stringify(short).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u{${character.codePointAt(0)!.toString(16)}}`;
  });
}
