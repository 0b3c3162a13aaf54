/** Where in its line the next text stands, counted from 1: CHA of ECMA-48. A terminal that thinks otherwise of an emoji's width stays in step. */
export const atColumn = (column: number) => `\u001b[${column}G`;
