import { logStreamOf, type ServiceName } from '../../domain/names.ts';
import { CliffracerError } from '../../errors.ts';

export const DEFAULT_STACK = 'default';

/** The full names of one stack's resources. */
export interface StackNames {
  /** `default`, or what `--stack` said. */
  readonly stack: string;
  readonly topic: string;
  readonly bucket: string;
  readonly logGroup: string;
  /** Namespace of the metrics. */
  readonly namespace: string;
  /** Full name of a queue or table, from its name in the default stack. */
  queue(name: string): string;
  table(name: string): string;
  /** Name of a service in an engine's call log: that of its log stream. */
  caller(service: ServiceName): string;
}

// With the longest region and an account behind it, a bucket's name stays within S3's 63 characters.
const LONGEST_STACK = 16;
// Amazon S3 User Guide, Bucket naming rules: reserved beginnings.
const RESERVED = /^(xn--|sthree-|amzn-s3-demo-)/;

/**
 * Names as users of the default stack know them; another stack's have its name in front. `owner` makes the bucket's name
 * unique where names are shared by everybody, as on AWS.
 */
export function stackNames(stack: string = DEFAULT_STACK, owner?: { account: string; region: string }): StackNames {
  checkStackName(stack);
  const prefix = stack === DEFAULT_STACK ? '' : `${stack}-`;
  const suffix = owner === undefined ? '' : `-${owner.account}-${owner.region}`;
  return {
    stack,
    topic: `${prefix}order-events`,
    bucket: `${prefix}ecommerce-receipts${suffix}`,
    logGroup: `/cliffracer/${prefix}ecommerce`,
    namespace: `Cliffracer/${prefix}ECommerce`,
    queue: (name) => prefix + name,
    table: (name) => prefix + name,
    caller: (service) => prefix + logStreamOf(service),
  };
}

function checkStackName(stack: string): void {
  const refuse = (why: string) =>
    new CliffracerError('usage', `stack name ${JSON.stringify(stack)} ${why}`, {
      hint: 'give a name such as --stack team-a: lower-case letters, digits and single hyphens',
    });
  if (stack.length > LONGEST_STACK) throw refuse(`is longer than ${LONGEST_STACK} characters`);
  if (!/^[a-z]([a-z0-9]|-(?=[a-z0-9]))*$/.test(stack))
    throw refuse('is not made of lower-case letters, digits and hyphens');
  if (RESERVED.test(`${stack}-`)) throw refuse('begins as S3 reserves for itself');
}
