import type { HealthView } from './engine.ts';
import { safe } from './text.ts';

/** What a health check has to tell a CI system: the answer, or the error that came instead. */
export type HealthOutcome = HealthView | { failure: string };

export interface TestCase {
  name: string;
  latencyMs?: number | undefined;
  failure?: string | undefined;
  /** Why it was not tried. */
  skipped?: string | undefined;
}

/** JUnit XML, as CI systems read it: one suite, one case for each service. */
export const junitXml = (outcome: HealthOutcome): string =>
  suiteXml(
    'health',
    'failure' in outcome ? [{ name: 'engine', failure: outcome.failure }] : outcome.services.map(caseOf),
  );

const caseOf = ({ service: name, state, reported, error, latencyMs }: HealthView['services'][number]): TestCase => ({
  ...{ name, latencyMs },
  failure: state === 'ready' ? undefined : (error ?? `${state} (the engine says ${reported})`),
});

/** One suite, named after the command. */
export function suiteXml(command: string, cases: readonly TestCase[]): string {
  const count = (is: (each: TestCase) => boolean) => cases.filter(is).length;
  const failures = count(({ failure }) => failure !== undefined);
  const skipped = count(({ skipped: why }) => why !== undefined);
  const counts = `tests="${cases.length}" failures="${failures}"${skipped > 0 ? ` skipped="${skipped}"` : ''}`;
  const suite = `<testsuite name="cliffracer ${command}" ${counts}>`;
  const lines = cases.map((each) => testCase(command, each));
  return ['<?xml version="1.0" encoding="UTF-8"?>', suite, ...lines, '</testsuite>', ''].join('\n');
}

function testCase(command: string, { name, latencyMs, failure, skipped }: TestCase): string {
  const time = latencyMs === undefined ? '' : ` time="${(latencyMs / 1000).toFixed(4)}"`;
  const open = `  <testcase classname="cliffracer.${command}" name="${xml(name)}"${time}`;
  if (failure !== undefined) return `${open}><failure message="${xml(failure)}"/></testcase>`;
  return skipped === undefined ? `${open}/>` : `${open}><skipped message="${xml(skipped)}"/></testcase>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Control characters and lone surrogates may not stand in XML at all, not even escaped, and reports are read in terminals. */
const xml = (text: string): string =>
  safe(text.replace(/[\t\r\n]+/g, ' '))
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"]/g, (mark: string) => ENTITIES[mark]!);
