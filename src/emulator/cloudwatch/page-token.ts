import { AwsError } from '../core/errors.ts';

/** Tokens of listings are opaque to clients: base64url of what the next page has to know. */
export const encodeToken = (content: unknown): string => Buffer.from(JSON.stringify(content)).toString('base64url');

export function decodeToken<T>(token: string, isValid: (content: unknown) => content is T): T {
  try {
    const content: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (isValid(content)) return content;
  } catch {
    // Falls through: a token that is not ours is refused like a damaged one.
  }
  throw new AwsError('InvalidNextToken', 'The NextToken specified is invalid.');
}

export const isString = (content: unknown): content is string => typeof content === 'string';
export const isNumber = (content: unknown): content is number => typeof content === 'number';
