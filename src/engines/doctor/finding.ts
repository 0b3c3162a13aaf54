import type { Environment } from '../../environment.ts';
import { CliffracerError } from '../../errors.ts';
import type { EngineChoice } from '../kinds.ts';
import type { Probe } from '../probe.ts';

export interface Finding {
  check: string;
  status: 'passed' | 'failed' | 'skipped';
  detail: string;
  /** The command that fixes it. */
  remedy?: string | undefined | undefined;
  /** What `--fix` does; resolves with what was done. */
  fix?: (() => Promise<string>) | undefined;
}

/** What the checks examine. */
export interface DoctorContext {
  env: Environment;
  home: string;
  endpoint: string;
  /** Where the endpoint was configured. */
  origin: string;
  engine: EngineChoice;
  image: string;
  nodeVersion: string;
  now(): number;
  /** What answers at the endpoint. */
  probe: Probe;
}

export type Check = (patient: DoctorContext) => Promise<Finding[]>;

export const passed = (check: string, detail: string): Finding => ({ check, status: 'passed', detail });
export const skipped = (check: string, detail: string, remedy?: string): Finding => ({
  check,
  status: 'skipped',
  detail,
  remedy,
});
export const failed = (check: string, detail: string, remedy: string | undefined, fix?: Finding['fix']): Finding => ({
  ...{ check, status: 'failed', detail },
  remedy,
  fix,
});

/** A CliffracerError as a finding. */
export function failedBy(check: string, error: unknown): Finding {
  const hint = error instanceof CliffracerError && typeof error.hint === 'string' ? error.hint : undefined;
  return failed(check, error instanceof Error ? error.message : String(error), hint);
}
