import { AwsError } from '../core/errors.ts';
import type { LogGroup, LogStream, LogsContext } from './state.ts';

export const invalidParameter = (message: string): AwsError => new AwsError('InvalidParameterException', message);

export const groupArn = (context: LogsContext, name: string): string =>
  `arn:aws:logs:${context.region}:${context.account}:log-group:${name}`;

const groupNotFound = () => new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');

export function groupNamed(context: LogsContext, name: string): LogGroup {
  const group = context.state.groups.get(name);
  if (group === undefined) throw groupNotFound();
  return group;
}

/** The group that a resource ARN names; tagging wants the form without the trailing `:*`. */
export function groupOfArn(context: LogsContext, arn: string): LogGroup {
  const prefix = groupArn(context, '');
  if (!arn.startsWith('arn:')) throw invalidParameter(`Invalid ARN: ${arn}`);
  if (!arn.startsWith(prefix)) throw groupNotFound();
  return groupNamed(context, arn.slice(prefix.length));
}

/** The group of an operation that names it by name or by identifier (name or ARN), but not by both. */
export function groupOfRead(
  context: LogsContext,
  { logGroupName, logGroupIdentifier }: { logGroupName?: string; logGroupIdentifier?: string },
): LogGroup {
  if (logGroupName !== undefined && logGroupIdentifier !== undefined) {
    throw new AwsError('ValidationException', 'LogGroup name and LogGroup ARN are mutually exclusive parameters.');
  }
  if (logGroupName !== undefined) return groupNamed(context, logGroupName);
  if (logGroupIdentifier === undefined) {
    throw invalidParameter('Must include one of logGroupName or logGroupIdentifier.');
  }
  return logGroupIdentifier.startsWith('arn:')
    ? groupOfArn(context, logGroupIdentifier)
    : groupNamed(context, logGroupIdentifier);
}

export function streamNamed(group: LogGroup, name: string): LogStream {
  const stream = group.streams.get(name);
  if (stream === undefined) {
    throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
  }
  return stream;
}
