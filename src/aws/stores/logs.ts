import { DescribeLogGroupsCommand, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { LogLine, LogStore } from '../../lab/stores/port.ts';
import type { Clients } from '../clients.ts';

/** Pages read for the newest lines: FilterLogEvents begins with the oldest. */
const MOST_PAGES = 20;
const MOST_GROUPS = 500;

/** CloudWatch Logs, of every group. */
export function createLogStore(clients: Clients): LogStore {
  return {
    async groups() {
      const client = await clients.logs();
      const found: { group: string; bytes: number }[] = [];
      for (let token: string | undefined, first = true; first || token !== undefined; first = false) {
        const page = await client.send(
          new DescribeLogGroupsCommand({ ...(token !== undefined && { nextToken: token }) }),
        );
        found.push(
          ...(page.logGroups ?? []).map(({ logGroupName = '', storedBytes = 0 }) => ({
            group: logGroupName,
            bytes: storedBytes,
          })),
        );
        token = found.length < MOST_GROUPS ? page.nextToken : undefined;
      }
      return found;
    },
    async lines({ group, pattern, since, limit }) {
      const client = await clients.logs();
      let lines: LogLine[] = [];
      let truncated = false;
      let token: string | undefined;
      for (let pages = 0; pages < MOST_PAGES; pages++) {
        const page = await client.send(
          new FilterLogEventsCommand({
            ...{ logGroupName: group, startTime: Math.max(0, Math.floor(since)) },
            ...(pattern && { filterPattern: pattern }),
            ...(token !== undefined && { nextToken: token }),
          }),
        );
        for (const { eventId = '', timestamp = 0, logStreamName = '', message = '' } of page.events ?? []) {
          lines.push({ id: eventId, at: timestamp, stream: logStreamName, message });
        }
        if (lines.length > limit) {
          truncated = true;
          lines = lines.slice(-limit);
        }
        token = page.nextToken;
        if (token === undefined) break;
      }
      return { lines, truncated: truncated || token !== undefined };
    },
  };
}
