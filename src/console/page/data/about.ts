import { signal } from '@preact/signals';
import type { About } from '../../server/deps.ts';
import { call } from './api.ts';

/** What is looked at; undefined until it is known. */
export const about = signal<About | undefined>(undefined);

export async function loadAbout(): Promise<void> {
  about.value = await call<About>('about');
}

/** Why nothing may be changed, or undefined. */
export const whyReadOnly = (): string | undefined => {
  const write = about.value?.write;
  return typeof write === 'string' ? write : undefined;
};

/** Why there is no call log, hold, clock and so on; undefined where there is. */
export const whyNoLaboratory = (): string | undefined => {
  const laboratory = about.value?.laboratory;
  return typeof laboratory === 'string' ? laboratory : undefined;
};
