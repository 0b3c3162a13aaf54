/** The first byte of each value in the binary form of `value-writer.ts`. Part of the format of the files. */
export const Tag = {
  undefined: 0,
  null: 1,
  true: 2,
  false: 3,
  /** A whole number of up to 53 bits: its amount follows as a size. */
  positive: 4,
  negative: 5,
  double: 6,
  bigint: 7,
  /** A string: its length in bytes, and they. */
  ascii: 8,
  utf16: 9,
  buffer: 10,
  bytes: 11,
  array: 12,
  map: 13,
  set: 14,
  date: 15,
  /** An object whose member names were told before: the number of its shape, and the values. */
  shape: 16,
  /** The count of names, they, and the values. */
  newShape: 17,
  /** The number of an object that came before. */
  reference: 18,
  /** An ASCII string of up to 63 bytes: tag + length. */
  shortString: 64,
  /** A whole number up to 127: tag + number. */
  smallNumber: 128,
} as const;
