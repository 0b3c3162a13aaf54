/** Values that differ from run to run by nature, as they stand in texts and keys. */
const PATTERNS: readonly [RegExp, string][] = [
  // ISO 8601, with or without its seconds and offset, and as logs write it.
  [/\b\d{4}-\d{2}-\d{2}(?:[T _]\d{2}[:-]?\d{2}(?:[:-]?\d{2}(?:[.,]\d+)?)?(?:\s?Z|[+-]\d{2}:?\d{2})?)?/g, '<time>'],
  [/\b\d{8}T\d{6}(?:\.\d+)?Z?/g, '<time>'],
  // HTTP's and SMTP's form.
  [
    /\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? \d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2}(?: (?:GMT|[+-]\d{4}))?/g,
    '<time>',
  ],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<id>'],
  // ULID, then long hexadecimal ones: trace ids, digests.
  [/\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b/g, '<id>'],
  [/\b(?=[0-9a-f]*[a-f])[0-9a-f]{16,}\b/gi, '<id>'],
  // Seconds, milliseconds, microseconds or nanoseconds since the epoch, from 2017 to 2033.
  [/(?<![\d.])1[5-9]\d{8}(?:\d{3}|\d{6}|\d{9})?(?:\.\d+)?(?!\d)/g, '<time>'],
];

/** A text with a mark in the place of each time and each random id that can be told by its shape. */
export const scrubbed = (text: string): string =>
  PATTERNS.reduce((rest, [pattern, mark]) => rest.replace(pattern, mark), text);
