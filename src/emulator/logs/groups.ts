import { insert, locate, remove } from '../core/chunked-list.ts';
import { AwsError } from '../core/errors.ts';
import { type GroupPage, pageOfGroups } from './group-page.ts';
import { groupArn, groupNamed, groupOfArn, groupOfRead, invalidParameter } from './lookup.ts';
import { rescheduleExpiry } from './retention.ts';
import type { LogGroup, LogsContext } from './state.ts';
import { checkTags } from './tags.ts';

// PutRetentionPolicy, retentionInDays: "Possible values are"
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

interface CreateLogGroupInput {
  logGroupName: string;
  kmsKeyId?: string;
  tags?: Record<string, string>;
  logGroupClass?: string;
  deletionProtectionEnabled?: boolean;
}

export function createLogGroup(context: LogsContext, input: CreateLogGroupInput) {
  const { groups, groupNames } = context.state;
  const name = input.logGroupName;
  if (groups.has(name)) {
    throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
  }
  const tags = new Map(Object.entries(input.tags ?? {}));
  checkTags(tags);
  groups.set(name, {
    name,
    creationTime: context.now,
    logGroupClass: input.logGroupClass ?? 'STANDARD',
    kmsKeyId: input.kmsKeyId,
    deletionProtection: input.deletionProtectionEnabled ?? false,
    retentionInDays: undefined,
    tags,
    storedBytes: 0,
    sequence: 0,
    streams: new Map(),
    streamNames: [],
    expiryAt: undefined,
  });
  const place = locate(groupNames, (other) => other >= name);
  insert(groupNames, place, name);
}

export function deleteLogGroup(context: LogsContext, { logGroupName }: { logGroupName: string }) {
  const { groups, groupNames } = context.state;
  if (groupNamed(context, logGroupName).deletionProtection) {
    throw new AwsError(
      'ValidationException',
      'The log group cannot be deleted because deletion protection is enabled.',
    );
  }
  groups.delete(logGroupName);
  const place = locate(groupNames, (name) => name >= logGroupName);
  remove(groupNames, place);
}

export function putLogGroupDeletionProtection(
  context: LogsContext,
  input: { logGroupIdentifier: string; deletionProtectionEnabled: boolean },
) {
  groupOfRead(context, input).deletionProtection = input.deletionProtectionEnabled;
}

interface DescribeLogGroupsInput extends GroupPage {
  logGroupNamePattern?: string;
  logGroupIdentifiers?: string[];
}

export function describeLogGroups(context: LogsContext, input: DescribeLogGroupsInput) {
  const { logGroupNamePattern: pattern = '' } = input;
  if (input.logGroupNamePrefix !== undefined && input.logGroupNamePattern !== undefined) {
    throw invalidParameter('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.');
  }
  if (input.logGroupIdentifiers !== undefined) return describeIdentified(context, input.logGroupIdentifiers);
  const { groups, ...next } = pageOfGroups(context, input, ({ name }) => name.includes(pattern));
  return { logGroups: groups.map(described(context, pattern)), ...next };
}

function describeIdentified(context: LogsContext, identifiers: string[]) {
  const groups = identifiers.map((identifier) =>
    identifier.startsWith('arn:') ? groupOfArn(context, identifier) : groupNamed(context, identifier),
  );
  return { logGroups: groups.map(described(context, '')) };
}

/** With a name pattern AWS leaves out what it would have to look up: size, retention, key and deletion protection. */
const described = (context: LogsContext, pattern: string) => (group: LogGroup) => {
  const { name, creationTime } = group;
  const arn = groupArn(context, name);
  const brief = {
    logGroupName: name,
    creationTime,
    arn: `${arn}:*`,
    logGroupArn: arn,
    logGroupClass: group.logGroupClass,
    metricFilterCount: 0,
  };
  if (pattern !== '') return brief;
  return {
    ...brief,
    retentionInDays: group.retentionInDays,
    storedBytes: group.storedBytes,
    kmsKeyId: group.kmsKeyId,
    deletionProtectionEnabled: group.deletionProtection,
  };
};

export function putRetentionPolicy(
  context: LogsContext,
  { logGroupName, retentionInDays }: { logGroupName: string; retentionInDays: number },
) {
  if (!RETENTION_DAYS.includes(retentionInDays)) {
    throw invalidParameter(
      `1 validation error detected: Value '${retentionInDays}' at 'retentionInDays' failed to satisfy constraint: ` +
        `Member must satisfy enum value set: [${RETENTION_DAYS.join(', ')}]`,
    );
  }
  const group = groupNamed(context, logGroupName);
  group.retentionInDays = retentionInDays;
  rescheduleExpiry(context, group);
}

export function deleteRetentionPolicy(context: LogsContext, { logGroupName }: { logGroupName: string }) {
  const group = groupNamed(context, logGroupName);
  group.retentionInDays = undefined;
  group.expiryAt = undefined;
}
