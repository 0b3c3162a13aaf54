import type { HealthView } from './engine.ts';
import { safe } from './text.ts';

/** What a health check has to tell a CI system: the answer, or the error that came instead. */
export type HealthOutcome = HealthView | { failure: string };

/** JUnit XML, as CI systems read it: one suite, one case for each service. */
export function junitXml(outcome: HealthOutcome): string {
  const cases = 'failure' in outcome ? [testCase('engine', undefined, outcome.failure)] : outcome.services.map(caseOf);
  const failures = cases.filter((text) => text.includes('<failure')).length;
  const suite = `<testsuite name="cliffracer health" tests="${cases.length}" failures="${failures}">`;
  return ['<?xml version="1.0" encoding="UTF-8"?>', suite, ...cases, '</testsuite>', ''].join('\n');
}

const caseOf = ({ service, state, reported, error, latencyMs }: HealthView['services'][number]) =>
  testCase(service, latencyMs, state === 'ready' ? undefined : (error ?? `${state} (the engine says ${reported})`));

function testCase(name: string, latencyMs: number | undefined, failure: string | undefined): string {
  const time = latencyMs === undefined ? '' : ` time="${(latencyMs / 1000).toFixed(4)}"`;
  const open = `  <testcase classname="cliffracer.health" name="${xml(name)}"${time}`;
  return failure === undefined ? `${open}/>` : `${open}><failure message="${xml(failure)}"/></testcase>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Control characters and lone surrogates may not stand in XML at all, not even escaped, and reports are read in terminals. */
const xml = (text: string): string =>
  safe(text.replace(/[\t\r\n]+/g, ' '))
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"]/g, (mark: string) => ENTITIES[mark]!);
