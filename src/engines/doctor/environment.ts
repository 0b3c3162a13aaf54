import { readProfiles } from '../profiles.ts';
import { SERVICE_VARIABLES } from '../service-endpoints.ts';
import { type Check, type Finding, failed, passed, skipped } from './finding.ts';

const MEND_ALL = 'eval "$(cliffracer env)"';

/** Variables that let another AWS tool in this shell miss the engine. Commands of ours are told the endpoint by us. */
export const checkAwsVariables: Check = async ({ env, endpoint, origin }) => {
  const faults: Finding[] = [];
  const fail = (detail: string, remedy: string) => faults.push(failed('AWS variables', detail, remedy));
  if (env.AWS_ENDPOINT_URL === '') fail('AWS_ENDPOINT_URL is empty, which sends AWS tools to AWS itself', MEND_ALL);
  if (/^true$/i.test(env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS ?? '')) {
    fail(
      'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS sends AWS tools to AWS itself',
      'unset AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
    );
  }
  for (const name of Object.keys(env).sort()) {
    const service = /^AWS_ENDPOINT_URL_(.+)$/.exec(name)?.[1];
    if (service === undefined || !env[name] || SERVICE_VARIABLES.includes(name)) continue;
    const meant = MISSPELT[service];
    if (meant !== undefined)
      fail(`${name} is not read by anything; the variable is ${meant}`, `export ${meant}="$${name}"; unset ${name}`);
  }
  if (faults.length > 0) return faults;
  const said = env.AWS_ENDPOINT_URL ? 'AWS_ENDPOINT_URL names an engine' : `endpoint from ${origin}`;
  return [passed('AWS variables', `${said}: ${endpoint}`)];
};

/** What people write for AWS's own names of the services used here. */
const MISSPELT: Readonly<Record<string, string>> = {
  LOGS: 'AWS_ENDPOINT_URL_CLOUDWATCH_LOGS',
  CLOUDWATCHLOGS: 'AWS_ENDPOINT_URL_CLOUDWATCH_LOGS',
  MONITORING: 'AWS_ENDPOINT_URL_CLOUDWATCH',
  CLOUD_WATCH: 'AWS_ENDPOINT_URL_CLOUDWATCH',
  DDB: 'AWS_ENDPOINT_URL_DYNAMODB',
  DYNAMO_DB: 'AWS_ENDPOINT_URL_DYNAMODB',
  DYNAMO: 'AWS_ENDPOINT_URL_DYNAMODB',
};

export const checkProfile: Check = async ({ env }) => {
  const name = env.AWS_PROFILE;
  if (!name) return [passed('AWS profile', 'AWS_PROFILE is not set')];
  const profiles = await readProfiles(env);
  if (profiles.has(name)) return [passed('AWS profile', `${name} exists; it is not used for an engine`)];
  return [
    failed('AWS profile', `AWS_PROFILE ${name} is not configured; other AWS tools fail on it`, 'unset AWS_PROFILE'),
  ];
};

export const checkCredentials: Check = async ({ env }) => {
  const key = env.AWS_ACCESS_KEY_ID;
  if (!key) return [passed('AWS keys', 'none in the environment')];
  // IAM User Guide, IAM identifiers: unique ID prefixes of long-term and temporary access keys.
  if (!/^(AKIA|ASIA)[A-Z2-7]{12,}$/.test(key)) return [passed('AWS keys', 'the one in the environment is no real one')];
  return [
    skipped(
      'AWS keys',
      `${key.slice(0, 4)}... looks real; cliffracer sends test/test to engines, other tools would send it`,
      MEND_ALL,
    ),
  ];
};
