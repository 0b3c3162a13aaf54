import type { View } from './context.ts';
import { safe } from './text.ts';

export interface AwsView {
  account: string;
  region: string;
  caller?: string | undefined;
  stack: string;
}

/** Who calls, and where; stands above whatever a command does on AWS. */
export const awsView: View<AwsView> = ({ account, region, caller, stack }, { paint }) => {
  const as = caller === undefined ? '' : ` as ${safe(caller)}`;
  return paint.yellow(`AWS account ${safe(account)}, ${safe(region)}, stack ${safe(stack)}`) + paint.dim(as);
};

/** ` in AWS account 123456789012, eu-west-1` for headings; nothing for a local engine. */
export const inAccount = ({ account, region }: { account?: string; region?: string }): string =>
  account === undefined ? '' : ` in AWS account ${safe(account)}, ${safe(region ?? '')}`;
