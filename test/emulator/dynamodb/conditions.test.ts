import { beforeAll, describe, expect, it } from 'vitest';
import { type Dynamo, simpleTable } from './dynamo.ts';

let world: Dynamo;

const ITEM = {
  pk: { S: 'one' },
  name: { S: 'Wörld' },
  n: { N: '10' },
  big: { N: '9007199254740993' },
  bin: { B: Buffer.from([1, 2, 3]) },
  yes: { BOOL: true },
  nil: { NULL: true },
  ss: { SS: ['a', 'b'] },
  ns: { NS: ['1', '2.5'] },
  bs: { BS: [Buffer.from('x'), Buffer.from('y')] },
  list: { L: [{ S: 'zero' }, { M: { deep: { N: '5' } } }] },
  map: { M: { inside: { S: 'in' }, 'dotted.name': { N: '1' }, constructor: { S: 'c' } } },
  blank: { S: '' },
};

beforeAll(async () => {
  world = await simpleTable();
  await world.call('PutItem', { TableName: 'items', Item: ITEM });
});

const VALUES: Record<string, unknown> = {
  ':in': { S: 'in' },
  ':a': { S: 'a' },
  ':Wo': { S: 'W' },
  ':ten': { N: '10.0' },
  ':five': { N: '5' },
  ':one': { N: '1' },
  ':big': { N: '9007199254740992' },
  ':bin': { B: Buffer.from([1, 2]) },
  ':yes': { BOOL: true },
  ':nil': { NULL: true },
  ':ss': { SS: ['b', 'a'] },
  ':S': { S: 'S' },
  ':M': { S: 'M' },
  ':list': { L: [{ S: 'zero' }, { M: { deep: { N: '5' } } }] },
  ':zero': { S: 'zero' },
  ':y': { B: Buffer.from('y') },
};
const NAMES: Record<string, string> = {
  '#name': 'name',
  '#d': 'dotted.name',
  '#c': 'constructor',
  '#p': '__proto__',
  '#l': 'list',
  '#m': 'map',
};

async function holds(expression: string): Promise<boolean> {
  const used = (all: Record<string, unknown>) => {
    const entries = Object.entries(all).filter(([key]) => new RegExp(`${key}(?![A-Za-z0-9_])`).test(expression));
    return entries.length === 0 ? undefined : Object.fromEntries(entries);
  };
  const { Count } = await world.call('Scan', {
    TableName: 'items',
    FilterExpression: expression,
    ExpressionAttributeNames: used(NAMES),
    ExpressionAttributeValues: used(VALUES),
  });
  return Count === 1;
}

// Developer Guide, Condition and filter expressions, operators, and functions.
describe('conditions that hold', () => {
  it.each([
    'n = :ten',
    ':ten = n',
    'n > :five',
    'n <> :five',
    'big > :big',
    'absent <> :five',
    'n BETWEEN :five AND :ten',
    'n between :five and :ten',
    'n IN (:five, :ten)',
    'n in (:five,:ten)',
    'ss = :ss',
    '#l = :list',
    'yes = :yes',
    'nil = :nil',
    '#m.inside = :in',
    '#m.#d = :one',
    '#m.#c <> :in',
    '#l[1].deep = :five',
    '#l[0] = :zero',
    'attribute_exists(pk)',
    'attribute_exists(#m.inside)',
    'attribute_not_exists(absent)',
    'attribute_not_exists(#l[7])',
    'attribute_not_exists(#m.#p)',
    'attribute_not_exists(#p)',
    'attribute_not_exists(n.inside)',
    'attribute_type(#m, :M)',
    'attribute_type(#name, :S)',
    'begins_with(#name, :Wo)',
    'begins_with(bin, :bin)',
    'contains(ss, :a)',
    'contains(ns, :one)',
    'contains(bs, :y)',
    'contains(#l, :zero)',
    'contains(bin, :bin)',
    'contains(#name, :Wo)',
    'size(#l) < :five',
    'size(ss) > :one',
    'size(#name) = :five',
    'size(bin) > :one',
    'size(blank) < :one',
    'NOT n = :five',
    'NOT attribute_exists(absent) AND n = :ten',
    'n = :five OR n = :ten AND yes = :yes',
    '(n = :five OR n = :ten) AND yes = :yes',
    'NOT (n = :five OR n > :ten)',
    '(n) = :ten',
    'n>=:ten AND(yes=:yes)',
  ])('%s', async (expression) => expect(await holds(expression)).toBe(true));
});

describe('conditions that do not hold', () => {
  it.each([
    'n = :five',
    '#name = :a',
    'n = :S',
    'absent = :five',
    'absent > :five',
    'absent = nowhere',
    '#name > n',
    'size(n) > :one',
    'size(absent) > :one',
    'begins_with(n, :a)',
    'contains(n, :one)',
    'contains(ss, :one)',
    'attribute_type(n, :S)',
    'n = :ten AND NOT yes = :yes',
    'NOT (n = :ten)',
    '#l[9] = :zero',
    '#name[0] = :a',
  ])('%s', async (expression) => expect(await holds(expression)).toBe(false));
});

describe('conditions that are refused', () => {
  const refused = (expression: string, values: Record<string, unknown> = {}, names: Record<string, string> = {}) =>
    world.refusal('Scan', {
      TableName: 'items',
      FilterExpression: expression,
      ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
      ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
    });
  const one = { ':v': { N: '1' } };

  it.each([
    ['', 'The expression can not be empty;'],
    ['n', 'Syntax error; token: "<EOF>", near: "n"'],
    ['n =', 'Syntax error; token: "<EOF>", near: "="'],
    ['n = = :v', 'Syntax error; token: "=", near: "= = :v"'],
    ['!!!', 'Syntax error; token: "!", near: "!!"'],
    ['n = :v AND', 'Syntax error; token: "<EOF>", near: "AND"'],
    ['(n = :v', 'Syntax error; token: "<EOF>", near: ":v"'],
    ['n = :v)', 'Syntax error; token: ")", near: ":v)"'],
    ['n[x] = :v', 'Syntax error; token: "x", near: "[x]"'],
    ['_n = :v', 'Syntax error; token: "_", near: "_n"'],
    ['n BETWEEN :v', 'Syntax error; token: "<EOF>", near: ":v"'],
    ['n IN ()', 'Syntax error; token: ")", near: "()"'],
    ['((n = :v))', 'The expression has redundant parentheses;'],
    ['nope(n)', 'Invalid function name; function: nope'],
    ['size(n)', 'The function is not allowed to be used this way in an expression; function: size'],
    // dynalite db/conditionParser.pegjs: no function makes an argument of another.
    ['size(size(n)) = :v', 'The function is not allowed to be used this way in an expression; function: size'],
    ['begins_with(n, size(n))', 'The function is not allowed to be used this way in an expression; function: size'],
    ['n[99999999999999] = :v', 'List index is not within the allowable range; index: [99999999999999]'],
    [
      'n = attribute_exists(n)',
      'The function is not allowed to be used this way in an expression; function: attribute_exists',
    ],
    ['status = :v', 'Attribute name is a reserved keyword; reserved keyword: status'],
    ['a.Name = :v', 'Attribute name is a reserved keyword; reserved keyword: Name'],
    ['n = :w', 'An expression attribute value used in expression is not defined; attribute value: :w'],
    ['#x = :v', 'An expression attribute name used in the document path is not defined; attribute name: #x'],
    [
      'contains(n)',
      'Incorrect number of operands for operator or function; operator or function: contains, number of operands: 1',
    ],
    ['attribute_exists(:v)', 'Operator or function requires a document path; operator or function: attribute_exists'],
    [
      'begins_with(n, :v)',
      'Incorrect operand type for operator or function; operator or function: begins_with, operand type: N',
    ],
    [
      'attribute_type(n, :v)',
      'Incorrect operand type for operator or function; operator or function: attribute_type, operand type: N',
    ],
    ['size(:v) = n', 'Incorrect operand type for operator or function; operator or function: size, operand type: N'],
    [
      'a = a',
      'The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [a]',
    ],
    [
      'contains(a.b[0], a.b[0])',
      'The first operand must be distinct from the remaining operands for this operator or function; operator: contains, first operand: [a, b, [0]]',
    ],
  ])('%s', async (expression, message) => {
    expect(await refused(expression, one)).toBe(`Invalid FilterExpression: ${message}`);
  });

  it('ordering values without an order, and bounds the wrong way round', async () => {
    expect(await refused('n < :v', { ':v': { BOOL: true } })).toContain('operator: <, operand type: BOOL');
    // Moto, test_between_function_operands_cannot_be_null, verified on AWS.
    expect(await refused('n BETWEEN :v AND :w', { ':v': { NULL: true }, ':w': { N: '1' } })).toBe(
      'Invalid FilterExpression: Incorrect operand type for operator or function; ' +
        'operator or function: BETWEEN, operand type: NULL',
    );
    expect(await refused('n BETWEEN :v AND :w', { ':v': { N: '2' }, ':w': { N: '1' } })).toBe(
      'Invalid FilterExpression: The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ' +
        'lower bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}',
    );
    expect(await refused('n BETWEEN :v AND :w', { ':v': { N: '2' }, ':w': { S: '1' } })).toContain(
      'requires same data type for lower and upper bounds',
    );
    expect(await refused('attribute_type(n, :v)', { ':v': { S: 'X' } })).toContain(
      'Invalid attribute type name found; type: X, valid types:',
    );
  });

  it('placeholders that are not used, not well-formed or of no use', async () => {
    expect(await refused('attribute_exists(n)', one)).toBe(
      'Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}',
    );
    expect(await refused('attribute_exists(n)', {}, { '#a': 'n', '#b': 'n' })).toBe(
      'Value provided in ExpressionAttributeNames unused in expressions: keys: {#a, #b}',
    );
    expect(await refused('n = :v', { v: { N: '1' } })).toBe(
      'ExpressionAttributeValues contains invalid key: Syntax error; key: "v"',
    );
    expect(await refused('#a = :v', one, { '#a-b': 'n' })).toBe(
      'ExpressionAttributeNames contains invalid key: Syntax error; key: "#a-b"',
    );
    expect(await refused('n = :v', { ':v': { N: 'x' } })).toBe(
      'ExpressionAttributeValues contains invalid value: ' +
        'The parameter cannot be converted to a numeric value: x for key :v',
    );
    expect(await world.refusal('Scan', { TableName: 'items', ExpressionAttributeValues: one })).toBe(
      'ExpressionAttributeValues can only be specified when using expressions: FilterExpression is null',
    );
    expect(await world.refusal('Scan', { TableName: 'items', ExpressionAttributeNames: { '#a': 'n' } })).toBe(
      'ExpressionAttributeNames can only be specified when using expressions',
    );
  });

  // Developer Guide, Quotas, Expression parameters.
  it('expressions beyond the quotas', async () => {
    const long = `n = :v${' '.repeat(4096)}`;
    expect(await refused(long, one)).toBe(
      `Invalid FilterExpression: Expression size has exceeded the maximum allowed size; expression size: ${long.length}`,
    );
    const many = Array.from({ length: 301 }, () => 'n<:v').join(' OR ');
    expect(await refused(many, one)).toBe(
      'Invalid FilterExpression: The expression contains too many operators; operator count: 301',
    );
    const candidates = Array.from({ length: 101 }, () => ':v').join(',');
    expect(await refused(`n IN (${candidates})`, one)).toContain('operator or function: IN, number of operands: 101');
    expect(await refused(`a${'.b'.repeat(32)} = :v`, one)).toContain('nesting levels: 33');
    expect(await refused('NOT '.repeat(1000), one)).toContain('nested too deeply');
    expect(await refused('('.repeat(4000), one)).toContain('nested too deeply');
  });
});
