import { checkJson, PolicyError } from './filter/reader.ts';

/** Delivery policies govern retries to HTTP/S endpoints: they are kept and shown, but nothing here is sent over HTTP. */
type Json = Record<string, unknown>;

const DEFAULT_RETRIES = {
  minDelayTarget: 20,
  maxDelayTarget: 20,
  numRetries: 3,
  numMaxDelayRetries: 0,
  numNoDelayRetries: 0,
  numMinDelayRetries: 0,
  backoffFunction: 'linear',
};
const DEFAULT_REQUEST = { headerContentType: 'text/plain; charset=UTF-8' };

function read(text: string, refuse: (reason: string) => Error): Json {
  try {
    checkJson(text);
  } catch (error) {
    if (error instanceof PolicyError) throw refuse(`DeliveryPolicy: ${error.message}`);
    throw error;
  }
  const policy = JSON.parse(text) as unknown;
  if (!isObject(policy)) throw refuse('DeliveryPolicy: must be a JSON object');
  return policy;
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const part = (value: unknown): Json | undefined => (isObject(value) ? value : undefined);

/** Checks a topic's policy; returns it as SNS shows it. */
export function readTopicDeliveryPolicy(text: string, refuse: (reason: string) => Error): string {
  const http = part(read(text, refuse).http);
  if (http === undefined) throw refuse('DeliveryPolicy: http must be a JSON object');
  checkRetries(part(http.defaultHealthyRetryPolicy), 'http.defaultHealthyRetryPolicy', refuse);
  return JSON.stringify({
    http: { ...http, disableSubscriptionOverrides: http.disableSubscriptionOverrides ?? false },
  });
}

export function effectiveTopicPolicy(text: string | undefined): string {
  const http = text === undefined ? undefined : part((JSON.parse(text) as Json).http);
  return JSON.stringify({
    http: {
      defaultHealthyRetryPolicy: { ...DEFAULT_RETRIES, ...part(http?.defaultHealthyRetryPolicy) },
      disableSubscriptionOverrides: http?.disableSubscriptionOverrides ?? false,
      defaultRequestPolicy: { ...DEFAULT_REQUEST, ...part(http?.defaultRequestPolicy) },
    },
  });
}

export function readSubscriptionDeliveryPolicy(text: string, refuse: (reason: string) => Error): string {
  const policy = read(text, refuse);
  checkRetries(part(policy.healthyRetryPolicy), 'healthyRetryPolicy', refuse);
  return JSON.stringify({
    healthyRetryPolicy: isObject(policy.healthyRetryPolicy)
      ? { ...DEFAULT_RETRIES, ...policy.healthyRetryPolicy }
      : null,
    sicklyRetryPolicy: part(policy.sicklyRetryPolicy) ?? null,
    throttlePolicy: part(policy.throttlePolicy) ?? null,
    requestPolicy: part(policy.requestPolicy) ?? null,
    guaranteed: policy.guaranteed === true,
  });
}

export function effectiveSubscriptionPolicy(text: string | undefined, topicPolicy: string | undefined): string {
  const own = text === undefined ? {} : (JSON.parse(text) as Json);
  const http = part((JSON.parse(effectiveTopicPolicy(topicPolicy)) as Json).http)!;
  return JSON.stringify({
    healthyRetryPolicy: part(own.healthyRetryPolicy) ?? http.defaultHealthyRetryPolicy,
    sicklyRetryPolicy: own.sicklyRetryPolicy ?? null,
    throttlePolicy: own.throttlePolicy ?? null,
    requestPolicy: part(own.requestPolicy) ?? http.defaultRequestPolicy,
    guaranteed: own.guaranteed === true,
  });
}

function checkRetries(retries: Json | undefined, name: string, refuse: (reason: string) => Error): void {
  if (retries === undefined) return;
  for (const [field, value] of Object.entries(retries)) {
    if (field === 'backoffFunction') continue;
    if (!Object.hasOwn(DEFAULT_RETRIES, field) || !Number.isInteger(value) || (value as number) < 0) {
      throw refuse(`DeliveryPolicy: ${name}.${field} is invalid`);
    }
  }
  const { minDelayTarget, maxDelayTarget } = { ...DEFAULT_RETRIES, ...retries };
  if (minDelayTarget > maxDelayTarget) {
    throw refuse(`DeliveryPolicy: ${name}.maxDelayTarget must be greater than or equal to minDelayTarget`);
  }
}
