import type { Gap } from '../core/types.ts';
import { invalidParameter } from './errors.ts';

export const GAPS: readonly Gap[] = [
  {
    operations: ['CreateTopic'],
    member: 'DataProtectionPolicy',
    about: 'data protection policies',
    refuse: () => invalidParameter('DataProtectionPolicy Reason: this engine has no data protection policies'),
  },
];
