import type { Gap } from '../core/types.ts';

const LINKED = 'no account is linked to another';

/** Nothing that an operation takes has to be refused; whole features that are missing are operations that are missing. */
export const GAPS: readonly Gap[] = [
  { operations: ['DescribeLogGroups', 'ListLogGroups'], member: 'accountIdentifiers', about: LINKED },
  { operations: ['DescribeLogGroups', 'ListLogGroups'], member: 'includeLinkedAccounts', about: LINKED },
  { operations: ['FilterLogEvents'], member: 'interleaved', about: 'AWS ignores it as well' },
  { operations: ['FilterLogEvents', 'GetLogEvents'], member: 'unmask', about: 'nothing is masked' },
  { operations: ['PutLogEvents'], member: 'entity', about: 'entities are accepted and not kept' },
];
