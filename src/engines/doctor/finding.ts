import type { Environment } from '../../environment.ts';
import { CliffracerError } from '../../errors.ts';
import type { EngineChoice } from '../kinds.ts';
import type { Probe } from '../probe.ts';

export interface Finding {
  check: string;
  status: 'passed' | 'failed' | 'skipped';
  detail: string;
  /** The command that mends it. */
  mend?: string | undefined | undefined;
  /** What `--fix` does; resolves with what was done. */
  fix?: (() => Promise<string>) | undefined;
}

/** What is looked at. */
export interface Patient {
  env: Environment;
  home: string;
  endpoint: string;
  /** Who said so. */
  origin: string;
  engine: EngineChoice;
  image: string;
  nodeVersion: string;
  now(): number;
  /** What answers at the endpoint. */
  probe: Probe;
}

export type Check = (patient: Patient) => Promise<Finding[]>;

export const passed = (check: string, detail: string): Finding => ({ check, status: 'passed', detail });
export const skipped = (check: string, detail: string, mend?: string): Finding => ({
  check,
  status: 'skipped',
  detail,
  mend,
});
export const failed = (check: string, detail: string, mend: string | undefined, fix?: Finding['fix']): Finding => ({
  ...{ check, status: 'failed', detail },
  mend,
  fix,
});

/** An error of ours as the finding that it is. */
export function failedBy(check: string, error: unknown): Finding {
  const hint = error instanceof CliffracerError ? error.hint : undefined;
  return failed(check, error instanceof Error ? error.message : String(error), hint);
}
