import type { Json } from './value.ts';

/** A Lambda function of a template, as data: nothing is made of it on the engine. */
export interface TemplateFunction {
  /** Logical id. */
  id: string;
  name: string;
  runtime?: string;
  /** `file.export`. */
  handler?: string;
  /** Seconds. */
  timeout: number;
  /** Megabytes. */
  memory: number;
  environment: Readonly<Record<string, string>>;
  code: FunctionCode;
}

/** Where the code is: a path relative to the template, the code itself, an image, or an object in S3. */
export type FunctionCode =
  | { path: string }
  | { inline: string }
  | { image: string }
  | { bucket: string; key: string }
  | Record<string, never>;

/** An event source mapping of a queue. Times in seconds; what is missing has Lambda's default. */
export interface TemplateMapping {
  id: string;
  /** Name of the function. */
  function: string;
  /** ARN. */
  queue: string;
  enabled: boolean;
  batchSize: number;
  batchWindow: number;
  reportBatchItemFailures: boolean;
  /** Patterns as JSON texts. */
  filters: readonly string[];
  maximumConcurrency?: number;
}

const text = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined);

export function codeOf(code: { readonly [name: string]: Json }, assetPath: Json | undefined): FunctionCode {
  const path = text(assetPath) ?? text(code.Path);
  if (path !== undefined) return { path };
  if (typeof code.ZipFile === 'string') return { inline: code.ZipFile };
  if (typeof code.ImageUri === 'string') return { image: code.ImageUri };
  if (typeof code.S3Bucket === 'string') return { bucket: code.S3Bucket, key: text(code.S3Key) ?? '' };
  return {};
}

/** `arn:...:function:NAME:ALIAS`, `ACCOUNT:function:NAME`, `NAME:ALIAS` or the name. */
export function functionNameOf(reference: string): string {
  const parts = reference.split(':');
  const marker = parts.indexOf('function');
  return parts[marker < 0 ? 0 : marker + 1] ?? reference;
}
