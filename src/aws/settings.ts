import { Agent } from 'node:http';
import type { SQSClientConfig } from '@aws-sdk/client-sqs';
import { ANSWER_TIMEOUT_MS, type Pauses } from './retry.ts';
import { OWN_NAME, type Target } from './target.ts';

export interface WireAnswer {
  status: number;
  /** By name in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  body: string;
}

/** Posts a body to the embedded engine's root; rejects with Node's network errors. */
export type WireSend = (
  headers: Record<string, string>,
  body: string,
  options: { timeoutMs: number; signal?: AbortSignal },
) => Promise<WireAnswer>;

export interface ClientOptions {
  /** Handles requests in place of HTTP, as the in-process emulator does. */
  requestHandler?: unknown;
  /** How long one answer may take; a long poll's own wait comes on top. */
  timeoutMs?: number;
  /** In whose name calls are made, for the engine's call log; without one, in this program's. */
  appId?: string;
  /** Whoever calls shows what is there: what it reads stays out of the embedded engine's call log. */
  looks?: boolean;
  /** The program's clock, for the pauses between tries. */
  pauses?: Pauses;
  /** Given for an embedded engine: the ports' calls go this way, without the SDK. */
  wire?: { send: WireSend; id: string; close?(): void } | undefined;
  /** Told the headers of every answer, those of errors included. */
  onAnswer?: ((headers: Readonly<Record<string, string | undefined>> | undefined) => void) | undefined;
}

/** Settings that every client takes. */
export type Settings = Pick<
  SQSClientConfig,
  | 'region'
  | 'endpoint'
  | 'credentials'
  | 'profile'
  | 'maxAttempts'
  | 'retryMode'
  | 'requestHandler'
  | 'ignoreConfiguredEndpointUrls'
  | 'defaultsMode'
  | 'userAgentAppId'
  | 'useFipsEndpoint'
  | 'useDualstackEndpoint'
  | 'logger'
  | 'signer'
  | 'cacheMiddleware'
>;

/** Without a logger the chain of credentials writes to the console, as when keys and a profile are both set. */
const SILENT = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

// A worker polls five queues for up to 20 s each while it handles messages, and provisioning runs about 60 calls at once.
const SOCKETS = 128;
const CONNECT_TIMEOUT_MS = 3_000;

/**
 * The endpoint is always ours: configured endpoints are ignored, so that no variable or profile sends a local call to AWS,
 * nor a call for AWS, signed with real keys, to an emulator.
 */
export function clientSettings(target: Target, options: ClientOptions): Settings & { agent: Agent | undefined } {
  const agent =
    options.requestHandler === undefined && target.kind === 'local'
      ? new Agent({ keepAlive: true, maxSockets: SOCKETS })
      : undefined;
  const shared = {
    agent,
    region: target.region,
    retryMode: 'standard',
    ignoreConfiguredEndpointUrls: true,
    defaultsMode: 'legacy',
    userAgentAppId: options.appId ?? OWN_NAME,
    requestHandler: (options.requestHandler ?? {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: options.timeoutMs ?? ANSWER_TIMEOUT_MS,
      throwOnRequestTimeout: true,
      ...(agent === undefined ? { httpsAgent: { maxSockets: SOCKETS } } : { httpAgent: agent }),
    }) as NonNullable<Settings['requestHandler']>,
  } as const;
  if (target.kind === 'aws') {
    return { ...shared, maxAttempts: 6, logger: SILENT, ...(target.profile && { profile: target.profile }) };
  }
  return {
    ...shared,
    // The handlers of a command are put together once, not for every call: all calls go to the same address.
    cacheMiddleware: true,
    maxAttempts: 4,
    endpoint: target.endpoint!,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
  };
}
