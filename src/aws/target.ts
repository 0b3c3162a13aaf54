export type ClientName = 'sqs' | 'sns' | 'dynamodb' | 's3' | 'cloudwatch' | 'logs' | 'sts';

/** In whose name calls are made, unless somebody else's is given. */
export const OWN_NAME = 'cliffracer';

/** Where the AWS APIs in use come from, resolved once before any client is made. */
export interface Target {
  kind: 'local' | 'aws';
  /** `embedded`, `localstack` ... when it is known. */
  engine?: string;
  /** Scheme, host and port of a local engine; never set for AWS. */
  endpoint?: string;
  /** Services that are to be had elsewhere, as `AWS_ENDPOINT_URL_DYNAMODB` may say. */
  endpoints?: Partial<Record<ClientName, string>>;
  region: string;
  /** The account in use, or on AWS the one that the user insists on. */
  account?: string | undefined;
  /** A profile of the AWS configuration files; AWS only. */
  profile?: string | undefined;
  stack?: string | undefined;
}

/** Where calls go, for messages. */
export function placeOf(target: Target): string {
  return target.endpoint ?? `AWS ${target.region}`;
}

/** The same with region and stack, for what is missing there. */
export function stackPlaceOf(target: Target): string {
  const { endpoint, region, stack } = target;
  const place = endpoint === undefined ? placeOf(target) : `${endpoint}, region ${region}`;
  return stack === undefined ? place : `${place}, stack ${stack}`;
}

/** The flags that lead to the same stack, for a command that fixes something. */
export function flagsOf({ kind, stack, region, profile }: Target): string {
  const named = stack === undefined || (kind === 'local' && stack === 'default') ? '' : ` --stack ${stack}`;
  if (kind === 'local') return named;
  return `${named} --target aws --region ${region}${profile === undefined ? '' : ` --profile ${profile}`}`;
}
