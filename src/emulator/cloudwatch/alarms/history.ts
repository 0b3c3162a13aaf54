import { append, dropBefore, locate } from '../../core/chunked-list.ts';
import { decodeToken, encodeToken, isNumber } from '../page-token.ts';
import type { CloudWatchContext } from '../state.ts';
import type { AlarmHistoryItem, HistoryItemType } from './alarm.ts';
import { alarmJson } from './json.ts';

const KEPT_MS = 30 * 86_400_000;
const DEFAULT_PAGE = 50;

export function addHistory(
  context: CloudWatchContext,
  item: { alarmName: string; type: HistoryItemType; summary: string; data: unknown },
): void {
  const { state, now } = context;
  append(state.history, { ...item, sequence: ++state.historySequence, at: now, data: alarmJson(item.data) });
  const place = locate(state.history, ({ at }) => at >= now - KEPT_MS);
  dropBefore(state.history, place);
}

interface DescribeAlarmHistoryInput {
  AlarmName?: string;
  AlarmTypes?: string[];
  HistoryItemType?: string;
  StartDate?: number;
  EndDate?: number;
  MaxRecords?: number;
  NextToken?: string;
  ScanBy?: 'TimestampDescending' | 'TimestampAscending';
}

/** DescribeAlarmHistory, newest first unless asked otherwise; the history of a deleted alarm stays. */
export function describeAlarmHistory(context: CloudWatchContext, input: DescribeAlarmHistoryInput) {
  if (input.AlarmTypes !== undefined && !input.AlarmTypes.includes('MetricAlarm')) return { AlarmHistoryItems: [] };
  const ascending = input.ScanBy === 'TimestampAscending';
  const after = input.NextToken === undefined ? undefined : decodeToken(input.NextToken, isNumber);
  const limit = input.MaxRecords ?? DEFAULT_PAGE;
  const isWanted = (item: AlarmHistoryItem) =>
    (input.AlarmName === undefined || item.alarmName === input.AlarmName) &&
    (input.HistoryItemType === undefined || item.type === input.HistoryItemType) &&
    (input.StartDate === undefined || item.at >= input.StartDate * 1000) &&
    (input.EndDate === undefined || item.at <= input.EndDate * 1000) &&
    (after === undefined || (ascending ? item.sequence > after : item.sequence < after));
  const items = context.state.history.flat().filter(isWanted);
  if (!ascending) items.reverse();
  const page = items.slice(0, limit);
  return {
    AlarmHistoryItems: page.map(({ alarmName, at, type, summary, data }) => ({
      AlarmName: alarmName,
      AlarmType: 'MetricAlarm',
      Timestamp: at / 1000,
      HistoryItemType: type,
      HistorySummary: summary,
      HistoryData: data,
    })),
    ...(items.length > limit ? { NextToken: encodeToken(page.at(-1)!.sequence) } : {}),
  };
}
