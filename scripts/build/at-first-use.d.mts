export function atFirstUse(code: string, chunk: string): string;
