/** A piece of JSON that goes into other JSON as it is. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Members of what CloudWatch writes about alarms that are doubles; all other numbers there are whole. */
const DOUBLES = new Set(['threshold', 'Threshold', 'recentDatapoints', 'value', 'sampleCount']);

/** JSON about an alarm as AWS writes it: a whole double with a decimal (`"threshold":1.0`), members without a value left out. */
export function alarmJson(value: unknown, isDouble = false): string {
  if (value instanceof JsonText) return value.text;
  if (typeof value === 'number' && isDouble) return decimal(value);
  if (Array.isArray(value)) return `[${value.map((member) => alarmJson(member, isDouble)).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => `${JSON.stringify(name)}:${alarmJson(member, DOUBLES.has(name))}`);
  return `{${members.join(',')}}`;
}

/** A double as Java prints it (Double.toString): `2.0`, `0.05`, `1.34217728E8`, `5.0E-4`. */
export function decimal(value: number): string {
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-3 && size < 1e7)) return withDecimal(String(value));
  const [digits, exponent] = value.toExponential().split('e');
  return `${withDecimal(digits!)}E${Number(exponent)}`;
}

const withDecimal = (digits: string): string => (digits.includes('.') ? digits : `${digits}.0`);
