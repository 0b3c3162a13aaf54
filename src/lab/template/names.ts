import { createHash } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const SUFFIX = 12;

/**
 * The name that CloudFormation makes for a resource without one, `STACK-LOGICALID-SUFFIX` (CloudFormation User Guide, "Name
 * type"). Its suffix is random there; here it follows from stack and logical id, so that the next run finds the resource.
 */
export function generatedName(stack: string, id: string, longest: number, { lower = false } = {}): string {
  const digest = createHash('sha256').update(`${stack}\0${id}`).digest();
  const suffix = Array.from(digest.subarray(0, SUFFIX), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
  const room = longest - SUFFIX - 2;
  const shownId = id.slice(0, Math.max(room - stack.length, Math.ceil(room / 2)));
  const name = `${stack.slice(0, room - shownId.length)}-${shownId}-${suffix}`;
  return lower ? name.toLowerCase().replace(/[^a-z0-9-]/g, '-') : name;
}

/** The stack's name for a template that was given none: `cdk.out/Orders.template.json` is Orders, `shop/template.yaml` shop. */
export function stackNameOf(file: string): string {
  const parts = file.split(/[\\/]/).filter((part) => part !== '' && part !== '.' && part !== '..');
  const base = (parts.at(-1) ?? '').replace(/\.(ya?ml|json|template)$/i, '').replace(/\.template$/i, '');
  const name = /^(template|sam|cloudformation|template-export)$/i.test(base) ? (parts.at(-2) ?? 'stack') : base;
  const made = name
    .replace(/[^A-Za-z0-9-]+/g, '-')
    .replace(/^[^A-Za-z]+/, '')
    .slice(0, 128);
  return made === '' ? 'stack' : made;
}
