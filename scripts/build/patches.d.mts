import type { Plugin } from 'esbuild';

interface Patch {
  file: RegExp;
  from: string;
  to: string;
}

export function patchesOf(wanted?: readonly Patch[]): Plugin;
