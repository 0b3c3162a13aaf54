import { CloudWatchLogsClient, FilterLogEventsCommand, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { Settings } from '../settings.ts';

export const logsClient = (settings: Settings) => new CloudWatchLogsClient(settings);

export const logsCommands = {
  PutLogEvents: PutLogEventsCommand,
  FilterLogEvents: FilterLogEventsCommand,
};
