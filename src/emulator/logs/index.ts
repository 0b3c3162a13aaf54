import type { ServiceDefinition } from '../core/types.ts';
import { filterLogEvents, testMetricFilter } from './filter-events.ts';
import { GAPS } from './gaps.ts';
import { getLogEvents } from './get-events.ts';
import {
  createLogGroup,
  deleteLogGroup,
  deleteRetentionPolicy,
  describeLogGroups,
  putLogGroupDeletionProtection,
  putRetentionPolicy,
} from './groups.ts';
import { putLogEvents } from './ingestion.ts';
import { listLogGroups } from './list-groups.ts';
import { expire } from './retention.ts';
import { createState, type LogsState } from './state.ts';
import { createLogStream, deleteLogStream, describeLogStreams } from './streams.ts';
import {
  listTagsForResource,
  listTagsLogGroup,
  tagLogGroup,
  tagResource,
  untagLogGroup,
  untagResource,
} from './tags.ts';

/** CloudWatch Logs: groups, streams, retention, events and filter patterns. Insights queries are not there. */
export const logs: ServiceDefinition<LogsState> = {
  id: 'logs',
  scope: 'regional',
  createState,
  gaps: GAPS,
  operations: {
    CreateLogGroup: createLogGroup,
    DeleteLogGroup: deleteLogGroup,
    DescribeLogGroups: describeLogGroups,
    ListLogGroups: listLogGroups,
    PutLogGroupDeletionProtection: putLogGroupDeletionProtection,
    PutRetentionPolicy: putRetentionPolicy,
    DeleteRetentionPolicy: deleteRetentionPolicy,
    CreateLogStream: createLogStream,
    DeleteLogStream: deleteLogStream,
    DescribeLogStreams: describeLogStreams,
    PutLogEvents: putLogEvents,
    GetLogEvents: getLogEvents,
    FilterLogEvents: filterLogEvents,
    TestMetricFilter: testMetricFilter,
    TagResource: tagResource,
    UntagResource: untagResource,
    ListTagsForResource: listTagsForResource,
    TagLogGroup: tagLogGroup,
    UntagLogGroup: untagLogGroup,
    ListTagsLogGroup: listTagsLogGroup,
  },
  timers: { retention: expire },
};
