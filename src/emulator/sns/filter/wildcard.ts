import { linearIndexOf } from '../../core/linear-search.ts';

/** The literal parts of a wildcard pattern: `*` stands for any text, `\*` and `\\` for themselves. */
export function wildcardParts(pattern: string): { parts: string[] } | { problem: string } {
  const parts = [''];
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!;
    const next = pattern[at + 1];
    // Positions count from the opening quote of the pattern.
    if (char === '*' && next === '*') return { problem: `Consecutive wildcard characters at pos ${at + 1}` };
    if (char === '\\' && next !== '*' && next !== '\\') return { problem: `Invalid escape character at pos ${at + 1}` };
    if (char === '*') parts.push('');
    else if (char === '\\') {
      parts[parts.length - 1] += next!;
      at++;
    } else parts[parts.length - 1] += char;
  }
  return { parts };
}

/** Whether `text` is the parts in this order with anything between them. */
export function matchesWildcard(parts: readonly string[], text: string): boolean {
  const first = parts[0]!;
  if (parts.length === 1) return text === first;
  const last = parts.at(-1)!;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = linearIndexOf(text, part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return at <= end;
}
