import type { App } from '../app.ts';
import { checkCustomerId, checkEmail, checkName } from '../domain/order-input.ts';
import type { CustomerRecord } from '../domain/records.ts';
import { CliffracerError } from '../errors.ts';
import { aligned } from '../views/choices.ts';
import { inSteps } from './steps.ts';
import { verdictOf } from './verdict.ts';
import { matching } from './which.ts';

/** Who orders; of a new customer everything but the id may be missing. */
export interface Customer {
  id: string;
  name?: string | undefined;
  email?: string | undefined;
}

const FLAG = '--customer ID';

/** One of the customers that there are, or a new one; `before` is what was answered earlier. */
export async function askCustomer(
  app: App,
  given: Customer | undefined,
  known: readonly CustomerRecord[],
  before: Customer | undefined,
): Promise<{ customer: Customer; asked: boolean }> {
  const record = known.find(({ customer_id }) => customer_id === given?.id);
  const name = given?.name ?? record?.name;
  if (given !== undefined && name !== undefined) return { customer: { ...given, name }, asked: false };
  let customer = before ?? given ?? { id: '' };
  let picked = given === undefined ? '' : NEW;
  await inSteps([
    async () => {
      if (given !== undefined) return false;
      picked = await pickCustomer(app, known);
      return true;
    },
    async () => {
      if (!picked.startsWith(NEW)) {
        customer = { id: picked, name: known.find(({ customer_id }) => customer_id === picked)!.name };
        return false;
      }
      customer = await askNew(app, given?.id, picked.slice(NEW.length), known);
      return true;
    },
  ]);
  return { customer, asked: true };
}

/** No id begins so: what follows is what was typed of a new customer. */
const NEW = '+';

function pickCustomer(app: App, known: readonly CustomerRecord[]): Promise<string> {
  const names = aligned(known.map(({ customer_id, name, email = '' }) => [customer_id, String(name), String(email)]));
  const choices = known.map(({ customer_id }, index) => ({ value: customer_id, name: names[index]! }));
  return app.prompt.search({
    message: 'Customer (type to search, or a new name)',
    flag: FLAG,
    source: (term) => {
      const text = term.trim();
      const name = text === '' ? 'a new customer' : `a new customer: ${text}`;
      return [...matching(choices, text), { value: NEW + text, name: `+ ${name}` }];
    },
  });
}

/** Id, name and email, in the order in which each can be proposed from the one before. */
async function askNew(
  app: App,
  given: string | undefined,
  typed: string,
  known: readonly CustomerRecord[],
): Promise<Customer> {
  const answers = { name: '', id: given ?? '', email: '' };
  await inSteps([
    async () => {
      const proposed = answers.name || typed || answers.id;
      answers.name = await app.prompt.input({
        message: 'Name of the new customer',
        flag: '--name TEXT',
        ...(proposed !== '' && { default: proposed }),
        validate: (text) => verdictOf(() => checkName(text)),
      });
      return true;
    },
    async () => {
      if (given !== undefined) return false;
      const proposed = answers.id || idFrom(answers.name);
      answers.id = await app.prompt.input({
        message: 'Customer id',
        flag: FLAG,
        ...(proposed !== '' && { default: proposed }),
        validate: (text) => verdictOf(() => checkNewId(text.trim(), known)),
      });
      return true;
    },
    async () => {
      answers.email = await app.prompt.input({
        message: 'Email (Enter leaves it out)',
        flag: '--email ADDRESS',
        validate: (text) => (text.trim() === '' ? true : verdictOf(() => checkEmail(text))),
      });
      return true;
    },
  ]);
  const email = answers.email.trim();
  return { id: answers.id.trim(), name: answers.name, ...(email !== '' && { email }) };
}

function checkNewId(id: string, known: readonly CustomerRecord[]): void {
  checkCustomerId(id);
  if (!known.some(({ customer_id }) => customer_id === id)) return;
  throw new CliffracerError('invalid_input', `customer ${id} is known already`, {
    hint: 'take another id, or Esc to pick it',
  });
}

/** `zoe` for `Zoé 🚀`: a valid id that reads like the name; empty where the name has no letters for one. */
const idFrom = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
