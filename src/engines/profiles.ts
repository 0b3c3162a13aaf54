import { promises as files } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../environment.ts';

export interface Profile {
  region?: string;
}

/**
 * The profiles of AWS's configuration and credentials files, by name (AWS SDKs and Tools Reference Guide, Shared config
 * and credentials files). Only names and regions are read: credentials are the SDK's business.
 */
export async function readProfiles(env: Environment): Promise<Map<string, Profile>> {
  const directory = join(env.HOME || env.USERPROFILE || homedir(), '.aws');
  const [config, credentials] = await Promise.all([
    files.readFile(env.AWS_CONFIG_FILE || join(directory, 'config'), 'utf8').catch(() => ''),
    files.readFile(env.AWS_SHARED_CREDENTIALS_FILE || join(directory, 'credentials'), 'utf8').catch(() => ''),
  ]);
  const profiles = new Map<string, Profile>();
  collect(config, /^(?:profile\s+(.+)|(default))$/, profiles);
  collect(credentials, /^(.+)$/, profiles);
  return profiles;
}

function collect(text: string, title: RegExp, profiles: Map<string, Profile>): void {
  let current: Profile | undefined;
  for (const line of text.split(/\r?\n/)) {
    const section = /^\[\s*([^\]]+?)\s*\]/.exec(line)?.[1];
    if (section !== undefined) {
      const match = title.exec(section);
      const name = (match?.[1] ?? match?.[2])?.replace(/^(["'])(.*)\1$/, '$2');
      current = name === undefined ? undefined : (profiles.get(name) ?? {});
      if (name !== undefined && current !== undefined) profiles.set(name, current);
      continue;
    }
    // A line that begins with a blank belongs to the setting above it.
    const region = /^region\s*=\s*(\S+)/.exec(line)?.[1];
    if (region !== undefined && current !== undefined) current.region ??= region;
  }
}
