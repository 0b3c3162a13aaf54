import type { Check } from '../runtime/audit/checks.ts';
import type { AuditReport } from '../runtime/audit.ts';
import type { View } from './context.ts';
import { table } from './table.ts';
import { plural, safe } from './text.ts';

/** Every invariant with what was examined, then what offends and how to look at it. */
export const auditView: View<AuditReport> = (report, context) => {
  const { paint } = context;
  const grid = table(
    [
      {
        title: '',
        text: (check: Check) => (check.ok ? 'PASS' : 'FAIL'),
        paint: (text, { ok }) => paint[ok ? 'green' : 'red'](text),
      },
      { title: 'invariant', text: (check) => check.title },
      { title: 'examined', text: (check) => String(check.examined), align: 'right' },
      { title: 'id', text: (check) => check.id, paint: (text) => paint.dim(text) },
    ],
    report.checks,
    context,
  );
  const failed = report.checks.filter(({ ok }) => !ok);
  const offenders = failed.flatMap(({ id, offenders, violations }) => [
    '',
    paint.red(`${id}: ${plural(violations, 'violation')}`),
    ...offenders.map((offender) => `  ${safe(offender.id)}: ${safe(offender.detail)}${lookAt(offender.id)}`),
    ...(violations > offenders.length ? [paint.dim(`  and ${violations - offenders.length} more`)] : []),
  ]);
  const verdict = report.ok
    ? paint.green(`All ${report.checks.length} invariants hold for ${plural(report.orders, 'order')}.`)
    : paint.red(`${failed.length} of ${report.checks.length} invariants do not hold.`);
  const unsettled = report.settled
    ? []
    : [paint.yellow('Messages are still on their way: cliffracer drain, then look again.')];
  return [grid, ...offenders, '', verdict, ...unsettled].join('\n');
};

const lookAt = (id: string) => (id.startsWith('ord_') ? `   cliffracer order show ${safe(id)}` : '');
