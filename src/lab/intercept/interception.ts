import { Authority } from '../../certificates/authority.ts';
import type { Environment } from '../../environment.ts';
import { AWS_DOMAINS } from './hosts.ts';
import { InterceptingProxy } from './proxy.ts';
import { writeTrust } from './trust.ts';
import { interceptionVariables } from './variables.ts';

export interface InterceptionOptions {
  /** Of the engine: scheme, host and port. */
  endpoint: string;
  /** The program's own environment. */
  env: Environment;
  /** Milliseconds since the epoch, by the machine's clock. */
  now: number;
  /** The built `node-preload.ts`. */
  preload: string;
  /** Told of every host that is refused, each time. */
  onRefused(target: string): void;
}

export interface Interception {
  /** For the environment of the program whose calls are taken. */
  variables: Record<string, string>;
  /** Removes the files, too. */
  close(): void;
}

/**
 * Takes the calls to AWS of a program that is started with `variables`, whatever endpoint it believes in: a proxy on a
 * loopback port, and an authority made for this run alone that vouches for AWS's hosts.
 */
export async function intercept({
  endpoint,
  env,
  now,
  preload,
  onRefused,
}: InterceptionOptions): Promise<Interception> {
  const authority = new Authority({ name: 'cliffracer exec --intercept', domains: AWS_DOMAINS, now });
  const trust = writeTrust(authority.certificate, env, now);
  try {
    const proxy = await InterceptingProxy.listen({ endpoint, authority, onRefused });
    const direct = [...new Set(['localhost', '127.0.0.1', '::1', '.localhost', new URL(endpoint).hostname])];
    return {
      variables: interceptionVariables({ port: proxy.port, direct, trust, preload }, env),
      close() {
        proxy.close();
        trust.remove();
      },
    };
  } catch (error) {
    trust.remove();
    throw error;
  }
}
