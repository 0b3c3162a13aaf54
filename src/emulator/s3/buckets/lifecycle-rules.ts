import { invalidArgument, invalidRequest, malformedXml } from '../errors.ts';

interface Tag {
  Key?: string;
  Value?: string;
}

interface Filter {
  Prefix?: string;
  Tag?: Tag;
  And?: { Prefix?: string; Tags?: Tag[]; [member: string]: unknown };
  [member: string]: unknown;
}

interface Timing {
  /** Seconds since the epoch. */
  Date?: number;
  Days?: number;
}

interface Transition extends Timing {
  StorageClass?: string;
}

export interface LifecycleRule {
  ID?: string;
  Prefix?: string;
  Filter?: Filter;
  Status?: string;
  Expiration?: Timing & { ExpiredObjectDeleteMarker?: boolean };
  Transitions?: Transition[];
  NoncurrentVersionTransitions?: { NoncurrentDays?: number; StorageClass?: string }[];
  NoncurrentVersionExpiration?: { NoncurrentDays?: number; NewerNoncurrentVersions?: number };
  AbortIncompleteMultipartUpload?: { DaysAfterInitiation?: number };
}

const ACTIONS = [
  'Expiration',
  'Transitions',
  'NoncurrentVersionTransitions',
  'NoncurrentVersionExpiration',
  'AbortIncompleteMultipartUpload',
] as const;
const LONGEST_ID = 255;
const DAY_SECONDS = 86_400;
const LONGEST_WAIT = new Set(['STANDARD_IA', 'ONEZONE_IA']);

/** The form of one rule (PutBucketLifecycleConfiguration; S3 User Guide, Lifecycle configuration elements). */
export function checkRule(rule: LifecycleRule): void {
  if (rule.Status !== 'Enabled' && rule.Status !== 'Disabled') throw malformedXml();
  if ((rule.Prefix === undefined) === (rule.Filter === undefined)) throw malformedXml();
  if ((rule.ID?.length ?? 0) > LONGEST_ID) {
    throw invalidArgument('ID length should not exceed allowed limit of 255', 'ID', rule.ID);
  }
  if (!ACTIONS.some((action) => rule[action] !== undefined)) {
    throw invalidRequest('At least one action needs to be specified in a rule');
  }
  const tagged = checkFilter(rule.Filter);
  checkExpiration(rule, tagged);
  for (const transition of rule.Transitions ?? []) checkTransition(transition);
  checkNoncurrent(rule);
  const { AbortIncompleteMultipartUpload: abort } = rule;
  if (abort === undefined) return;
  if (tagged) throw invalidRequest('AbortIncompleteMultipartUpload cannot be specified with Tags.');
  if (abort.DaysAfterInitiation === undefined) throw malformedXml();
  positive(abort.DaysAfterInitiation, 'DaysAfterInitiation', 'AbortIncompleteMultipartUpload');
}

/** Whether the filter asks for tags. */
function checkFilter(filter: Filter | undefined): boolean {
  if (filter === undefined) return false;
  if (Object.keys(filter).length > 1) throw malformedXml();
  const { And: and, Tag: tag } = filter;
  if (and === undefined) return tag !== undefined;
  const tags = and.Tags ?? [];
  if (Object.keys(and).length === 0) throw malformedXml();
  if (new Set(tags.map(({ Key }) => Key)).size < tags.length) {
    throw invalidRequest('Duplicate Tag Keys are not allowed.');
  }
  return tags.length > 0;
}

function checkExpiration({ Expiration: expiration }: LifecycleRule, tagged: boolean): void {
  if (expiration === undefined) return;
  if (Object.keys(expiration).length !== 1) throw malformedXml();
  if (expiration.ExpiredObjectDeleteMarker !== undefined && tagged) {
    throw invalidRequest('ExpiredObjectDeleteMarker cannot be specified with Tags.');
  }
  checkDate(expiration.Date);
  positive(expiration.Days, 'Days', 'Expiration');
}

function checkTransition({ Date: date, Days: days, StorageClass: storageClass }: Transition): void {
  if (storageClass === undefined || (date === undefined) === (days === undefined)) throw malformedXml();
  checkDate(date);
  if (days === undefined) return;
  if (days < 0) throw invalidArgument("'Days' in Transition action must be nonnegative", 'Days', days);
  if (LONGEST_WAIT.has(storageClass) && days < 30) {
    const message = `'Days' in Transition action must be greater than or equal to 30 for storageClass '${storageClass}'`;
    throw invalidArgument(message, 'Days', days);
  }
}

function checkNoncurrent({
  NoncurrentVersionExpiration: expiration,
  NoncurrentVersionTransitions,
}: LifecycleRule): void {
  if (expiration !== undefined) {
    if (Object.keys(expiration).length === 0) throw malformedXml();
    positive(expiration.NoncurrentDays, 'NoncurrentDays', 'NoncurrentVersionExpiration');
  }
  for (const { NoncurrentDays, StorageClass } of NoncurrentVersionTransitions ?? []) {
    if (NoncurrentDays === undefined || StorageClass === undefined) throw malformedXml();
  }
}

function checkDate(seconds: number | undefined): void {
  if (seconds === undefined || seconds % DAY_SECONDS === 0) return;
  throw invalidArgument("'Date' must be at midnight GMT", 'Date', new Date(seconds * 1000).toISOString());
}

function positive(days: number | undefined, name: string, action: string): void {
  if (days === undefined || days > 0) return;
  throw invalidArgument(`'${name}' for ${action} action must be a positive integer`, name, days);
}
