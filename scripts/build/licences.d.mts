interface Metafile {
  inputs: Record<string, unknown>;
}

export function licences(metafile: Metafile, notice?: string): string;
export function packages(metafile: Metafile): string[];
