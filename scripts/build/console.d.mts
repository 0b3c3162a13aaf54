export function consolePage(folder?: string): { html: string; metafile: { inputs: Record<string, object> } };
