import type { Shape } from '../models/model.ts';
import { parseTimestamp } from './timestamps.ts';

/** Reads a scalar from text, as Query, XML and headers carry it; `refuse` throws the protocol's own error. */
export function scalarReader(shape: Shape, refuse: (text: string) => never): (text: string) => unknown {
  switch (shape.type) {
    case 'integer':
    case 'long':
      return (text) => {
        const trimmed = text.trim();
        if (!/^[+-]?\d{1,19}$/.test(trimmed)) refuse(text);
        const value = Number(trimmed);
        return shape.type === 'integer' && Math.abs(value) > 2 ** 31 ? refuse(text) : value;
      };
    case 'double':
      return (text) => readDouble(text) ?? refuse(text);
    case 'boolean':
      return (text) => {
        const lower = text.trim().toLowerCase();
        return lower === 'true' ? true : lower === 'false' ? false : refuse(text);
      };
    case 'blob':
      return (text) => Buffer.from(text, 'base64');
    case 'timestamp':
      return (text) => parseTimestamp(text) ?? refuse(text);
    default:
      return (text) => text;
  }
}

function readDouble(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed)) return Number(trimmed);
  return { NaN: Number.NaN, Infinity: Number.POSITIVE_INFINITY, '-Infinity': Number.NEGATIVE_INFINITY }[trimmed];
}
