import type { SnsState } from '../../emulator/sns/index.ts';
import { LabError } from '../error.ts';
import type { History } from '../history.ts';
import type { LabTopic } from '../types/resources.ts';
import { type Asked, expectFound, expectNone } from './expectations.ts';

export function labTopic(asked: Asked, history: History, name: string): LabTopic {
  const check = () => {
    if (asked.workshop.lab.state<SnsState>('sns').topics.has(name)) return;
    throw new LabError(`there is no topic ${name}\n\n${asked.report()}`);
  };
  return {
    ...{ name, arn: asked.workshop.lab.arn('sns', name) },
    async published(match, options = {}) {
      check();
      return expectFound(asked, () => history.published(name, match), `published on ${name}`, match, options);
    },
    async expectNone(match, options = {}) {
      check();
      await expectNone(asked, () => history.published(name, match), `published on ${name}`, match, options);
    },
  };
}
