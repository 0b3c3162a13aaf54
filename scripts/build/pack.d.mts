interface Output {
  imports: { path: string; kind: string; external?: boolean }[];
}

export function packed(
  chunks: ReadonlyMap<string, string>,
  metafile: { outputs: Record<string, Output> },
): Map<string, string>;
