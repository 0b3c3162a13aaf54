import type { ServiceDefinition } from '../core/types.ts';

/** STS of the embedded engine: who am I. The caller is always the root user of the account that its key names. */
export const sts: ServiceDefinition<Record<string, never>> = {
  id: 'sts',
  scope: 'regional',
  createState: () => ({}),
  operations: {
    GetCallerIdentity: ({ account }) => ({ Account: account, Arn: `arn:aws:iam::${account}:root`, UserId: account }),
  },
  timers: {},
};
