import type { View } from './context.ts';
import { table } from './table.ts';
import { plural, safe } from './text.ts';

export interface DoctorRow {
  check: string;
  status: 'passed' | 'failed' | 'skipped';
  detail: string;
  /** The command that fixes it. */
  remedy?: string | undefined;
  /** What `--fix` did. */
  fixed?: string | undefined;
}

export interface DoctorView {
  /** Nothing failed. */
  healthy: boolean;
  checks: readonly DoctorRow[];
}

export const doctorView: View<DoctorView> = ({ checks }, context) => {
  const { paint } = context;
  const colours = { passed: paint.green, failed: paint.red, skipped: paint.dim };
  const rows = table<DoctorRow>(
    [
      { title: 'check', text: ({ check }) => check },
      {
        title: 'result',
        text: ({ status, fixed }) => (fixed === undefined ? status : 'fixed'),
        paint: (text, { status }) => colours[status](text),
      },
      {
        title: 'detail',
        text: ({ detail, fixed }) => (fixed === undefined ? detail : `${detail}: ${fixed}`),
        wraps: true,
      },
    ],
    checks,
    context,
  );
  // Below the table and not in it: commands must not be cut, and are to be copied.
  const remedies = checks.flatMap(({ check, remedy, status }) =>
    remedy === undefined || status === 'passed' ? [] : [`${paint.dim(`${check}:`.padEnd(18))} ${safe(remedy)}`],
  );
  const bad = checks.filter(({ status }) => status === 'failed').length;
  const verdict = bad === 0 ? paint.green('Nothing failed.') : paint.red(`${plural(bad, 'check')} failed.`);
  return [rows, '', verdict, ...(remedies.length === 0 ? [] : ['', ...remedies])].join('\n');
};
