export function commonJs(chunks: ReadonlyMap<string, string>): Map<string, string>;
export function lighter(code: string, chunk: string): string;
