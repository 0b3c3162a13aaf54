import type { Environment } from '../../environment.ts';

/** The engine that a consumer's calls go to. */
export interface ConsumerPlace {
  /** Scheme, host and port. */
  endpoint: string;
  region: string;
}

/** What makes an AWS SDK or CLI use the engine; the credentials are the emulators' well-known ones. */
export const engineVariables = ({ endpoint, region }: ConsumerPlace) => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
});

/** A session token of other credentials would be sent along with test/test, and a profile would win over both. */
export const DROPPED_VARIABLES = ['AWS_SESSION_TOKEN', 'AWS_PROFILE', 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'];

/** An SDK would ask a service's own endpoint (AWS_ENDPOINT_URL_SQS), and look for a profile by either name. */
const isDropped = (name: string) =>
  DROPPED_VARIABLES.includes(name) || name === 'AWS_DEFAULT_PROFILE' || name.startsWith('AWS_ENDPOINT_URL_');

/** A key of twelve digits would be another account. */
const keyOf = (name: string) => (/^\d{12}$/.test(name) ? {} : { AWS_ACCESS_KEY_ID: name });

/**
 * The environment of a program whose calls are to go to the engine, as `name`: every AWS SDK puts AWS_SDK_UA_APP_ID into its
 * user agent, where the call log finds it, and what signs without an SDK (celery's receives) is known by its access key.
 * `own` are the consumer's variables, which win.
 */
export function consumerEnvironment(
  base: Environment,
  place: ConsumerPlace,
  name: string | undefined,
  own: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [key, value] of Object.entries(base)) {
    if (value !== undefined && !isDropped(key)) variables[key] = value;
  }
  return {
    ...variables,
    ...engineVariables(place),
    // Without it an SDK that finds no credentials asks a host outside of this machine.
    AWS_EC2_METADATA_DISABLED: 'true',
    ...(name !== undefined && { AWS_SDK_UA_APP_ID: name, ...keyOf(name) }),
    ...own,
  };
}
