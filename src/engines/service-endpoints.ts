import type { Environment } from '../environment.ts';
import { parseEndpoint } from './endpoint.ts';
import { REQUIRED_SERVICES, type RequiredService } from './probe.ts';

type Service = RequiredService | 'sts';

/** AWS's own names (AWS SDKs and Tools Reference Guide, Service-specific endpoints). */
const VARIABLES: Readonly<Record<Service, string>> = {
  sns: 'AWS_ENDPOINT_URL_SNS',
  sqs: 'AWS_ENDPOINT_URL_SQS',
  dynamodb: 'AWS_ENDPOINT_URL_DYNAMODB',
  s3: 'AWS_ENDPOINT_URL_S3',
  cloudwatch: 'AWS_ENDPOINT_URL_CLOUDWATCH',
  logs: 'AWS_ENDPOINT_URL_CLOUDWATCH_LOGS',
  sts: 'AWS_ENDPOINT_URL_STS',
};

export const SERVICE_VARIABLES: readonly string[] = Object.values(VARIABLES);

/**
 * Services that are to be had from another engine than the rest, as their variables say. Empty where `--endpoint-url` was
 * given, which stands for everything, as in AWS's own tools.
 */
export function serviceEndpoints(flag: string | undefined, env: Environment): Partial<Record<Service, string>> {
  if (flag !== undefined) return {};
  const found: Partial<Record<Service, string>> = {};
  for (const [service, variable] of Object.entries(VARIABLES) as [Service, string][]) {
    const given = env[variable];
    if (given) found[service] = parseEndpoint(given, variable);
  }
  return found;
}

/** The required services that the engine itself has to have. */
export function ownServices(flag: string | undefined, env: Environment): RequiredService[] {
  const elsewhere = serviceEndpoints(flag, env);
  return REQUIRED_SERVICES.filter((service) => elsewhere[service] === undefined);
}
