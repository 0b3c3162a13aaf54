import type { Environment } from '../environment.ts';
import { CliffracerError } from '../errors.ts';
import { checkRegion } from './endpoint.ts';
import { readProfiles } from './profiles.ts';

/** The flags that say where calls go, as far as AWS is concerned. */
export interface TargetFlags {
  target?: string;
  endpointUrl?: string;
  region?: string;
  profile?: string;
  account?: string;
}

export interface AwsSettings {
  region: string;
  profile?: string | undefined;
  /** The account that the user insists on. */
  account?: string | undefined;
  /** The flag, variable or file that each came from. */
  origins: { region: string; profile: string };
}

const refused = (message: string, hint: string) => new CliffracerError('refused', message, { hint });

/** AWS itself only where the user says so, by flag or variable; never because something is missing. */
export function targetKind(flags: TargetFlags, env: Environment): 'local' | 'aws' {
  const [origin, given] =
    flags.target === undefined ? ['CLIFFRACER_TARGET', env.CLIFFRACER_TARGET || 'local'] : ['--target', flags.target];
  if (given !== 'local' && given !== 'aws') {
    throw new CliffracerError('usage', `${origin} ${JSON.stringify(given)} is neither local nor aws`, {
      hint: 'leave it out for an engine, or give --target aws',
    });
  }
  if (given === 'aws') return 'aws';
  const idle = flags.profile !== undefined ? '--profile' : flags.account !== undefined ? '--account' : undefined;
  if (idle !== undefined) {
    throw new CliffracerError('usage', `${idle} is for AWS, and the target is a local engine`, {
      hint: `say --target aws, or drop ${idle}`,
    });
  }
  return 'local';
}

/** Region, profile and account for AWS. Reads the configuration files, and calls nothing. */
export async function awsSettings(flags: TargetFlags, env: Environment): Promise<AwsSettings> {
  refuseEndpoints(flags, env);
  if (flags.account !== undefined && !/^\d{12}$/.test(flags.account)) {
    throw new CliffracerError('usage', `--account ${JSON.stringify(flags.account)} is not an AWS account`, {
      hint: 'give its 12 digits: --account 123456789012',
    });
  }
  const profile = flags.profile ?? (env.AWS_PROFILE || undefined);
  const origin = flags.profile !== undefined ? '--profile' : profile !== undefined ? 'AWS_PROFILE' : 'default';
  const profiles = await readProfiles(env);
  const found = profiles.get(profile ?? 'default');
  if (profile !== undefined && found === undefined) {
    throw unknownProfile(origin, profile, [...profiles.keys()]);
  }
  const region = awsRegion(flags, env, profile, found?.region);
  return {
    region: region.value,
    origins: { region: region.origin, profile: origin },
    profile,
    account: flags.account,
  };
}

/** An endpoint beside `--target aws` means that somebody is mistaken about where the calls go. */
function refuseEndpoints({ endpointUrl }: TargetFlags, env: Environment): void {
  if (endpointUrl !== undefined) {
    throw refused('--target aws and --endpoint-url exclude each other', 'drop the one that you do not mean');
  }
  const variable = Object.keys(env)
    .sort()
    .find((name) => /^AWS_ENDPOINT_URL(_|$)/.test(name) && env[name]);
  if (variable === undefined) return;
  throw refused(`the target is AWS, and ${variable} points elsewhere`, `unset ${variable}, or drop --target aws`);
}

function awsRegion(flags: TargetFlags, env: Environment, profile = 'default', ofProfile?: string) {
  const settings: [string, string | undefined][] = [
    ['--region', flags.region],
    ['AWS_REGION', env.AWS_REGION],
    ['AWS_DEFAULT_REGION', env.AWS_DEFAULT_REGION],
    [`the region of profile ${profile}`, ofProfile],
  ];
  const [origin, region] = settings.find(([, value]) => value) ?? [];
  // Never a default: the wrong region is the wrong place for somebody's data.
  if (origin === undefined) {
    throw new CliffracerError('usage', 'no region is set for AWS', {
      hint: 'give --region, or set AWS_REGION or the region of the profile',
    });
  }
  return { value: checkRegion(region!, origin), origin };
}

function unknownProfile(origin: string, name: string, known: readonly string[]): CliffracerError {
  const text = known.length === 0 ? 'there are none' : `there are ${known.slice(0, 10).join(', ')}`;
  return new CliffracerError('unknown_profile', `${origin} ${JSON.stringify(name)} is not configured; ${text}`, {
    hint: `aws configure --profile ${name}`,
  });
}

/** For what only an engine on this machine has. */
export function refuseAws(flags: TargetFlags, env: Environment): void {
  if (targetKind(flags, env) === 'local') return;
  const hint = flags.target === undefined ? 'say --target local, or unset CLIFFRACER_TARGET' : 'drop --target aws';
  throw refused('this command is about an engine on this machine, and the target is AWS', hint);
}
