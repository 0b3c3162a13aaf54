import * as fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { PLAIN } from '../../src/views/context.ts';
import { type Column, table } from '../../src/views/table.ts';

const context = (width: number) => ({ paint: PLAIN, width, now: 0, terminal: true });

interface Row {
  id: string;
  what: string;
  count: number;
  key: string;
}
const COLUMNS: Column<Row>[] = [
  { title: 'id', text: (row) => row.id },
  { title: 'what', text: (row) => row.what, wraps: true },
  { title: 'count', text: (row) => String(row.count), align: 'right' },
  { title: 'key', text: (row) => row.key, yields: true },
];
const ROWS: Row[] = [
  { id: 'one_payment', what: 'one payment for each reserved order', count: 2, key: 'receipts/one.json' },
  { id: 'ends', what: 'every order has come to its end', count: 12, key: 'receipts/two.json' },
];

describe('table', () => {
  test('as wide as it is where there is room', () => {
    expect(table(COLUMNS, ROWS, context(90))).toMatchInlineSnapshot(`
      "ID           WHAT                                 COUNT  KEY
      one_payment  one payment for each reserved order      2  receipts/one.json
      ends         every order has come to its end         12  receipts/two.json"
    `);
  });

  test('first breaks texts, then leaves the least column out', () => {
    expect(table(COLUMNS, ROWS, context(60))).toMatchInlineSnapshot(`
      "ID           WHAT                   COUNT  KEY
      one_payment  one payment for each       2  receipts/one.json
                   reserved order
      ends         every order has come      12  receipts/two.json
                   to its end"
    `);
    expect(table(COLUMNS, ROWS, context(40))).toMatchInlineSnapshot(`
      "ID           WHAT                  COUNT
      one_payment  one payment for each      2
                   reserved order
      ends         every order has come     12
                   to its end"
    `);
  });

  test('property: never wider than the terminal, whatever stands in it', () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 60 });
    const row = fc.record({ id: cell, what: cell, count: fc.integer(), key: cell });
    void fc.assert(
      fc.property(fc.array(row, { maxLength: 5 }), fc.integer({ min: 40, max: 100 }), (rows, width) => {
        const lines = table(COLUMNS, rows, context(width)).split('\n');
        expect(lines.filter((line) => stringWidth(line) > width)).toEqual([]);
      }),
    );
  });
});
