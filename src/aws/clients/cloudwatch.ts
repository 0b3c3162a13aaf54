import {
  CloudWatchClient,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import type { Settings } from '../settings.ts';

/** Some engines answer a gzipped PutMetricData with success and drop it. */
export const cloudwatchClient = (settings: Settings) =>
  new CloudWatchClient({ ...settings, disableRequestCompression: true });

export const cloudwatchCommands = {
  PutMetricData: PutMetricDataCommand,
  GetMetricStatistics: GetMetricStatisticsCommand,
  ListMetrics: ListMetricsCommand,
};
