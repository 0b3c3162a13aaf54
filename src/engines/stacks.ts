import { queryCall, rawCall } from './raw-call.ts';

const TIMEOUT_MS = 3_000;
/** Enough for every engine that a person has; a list that goes on is cut. */
const MOST_PAGES = 20;

/** Names of an engine's topics in one region; undefined when it does not tell. */
export async function topicNames(endpoint: string, region: string): Promise<string[] | undefined> {
  const names: string[] = [];
  let token: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const more: Record<string, string> = token === undefined ? {} : { NextToken: token };
    const call = queryCall('sns', { Action: 'ListTopics', Version: '2010-03-31', ...more });
    const answer = await rawCall(endpoint, region, call, TIMEOUT_MS).catch(() => undefined);
    if (answer?.status !== 200) return undefined;
    names.push(...[...answer.body.matchAll(/<TopicArn>[^<]*:([^<:]+)<\/TopicArn>/g)].map((match) => match[1]!));
    token = /<NextToken>([^<]+)<\/NextToken>/.exec(answer.body)?.[1];
    if (token === undefined) break;
  }
  return names;
}
