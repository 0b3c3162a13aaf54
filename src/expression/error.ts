/** What is wrong with the text of an expression, for the person who wrote it. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
}
