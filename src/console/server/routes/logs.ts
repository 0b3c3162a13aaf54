import { type ConsoleDeps, type Routes, reads } from '../deps.ts';

const MOST = 500;

/** `logs`: the groups, and the lines of one. */
export const logRoutes = ({ stores: { logs } }: ConsoleDeps): Routes => ({
  logs: reads(async () => ({ groups: await logs.groups() })),
  'logs/lines': reads((input) => {
    const pattern = input.maybeText('pattern');
    return logs.lines({
      group: input.text('group'),
      ...(pattern && { pattern }),
      since: input.maybeCount('since', Number.MAX_SAFE_INTEGER) ?? 0,
      limit: MOST,
    });
  }),
});
