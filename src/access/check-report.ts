import { appendFile, writeFile } from 'node:fs/promises';
import type { App } from '../app.ts';
import { CliffracerError } from '../errors.ts';
import type { VerdictView } from '../lab/check/document.ts';
import { checkAnnotations, checkCases, checkSummary } from '../views/check-report.ts';
import { suiteXml } from '../views/junit.ts';

interface Reported {
  junit?: string;
  /** Cases that failed once only are no failure. */
  allowFlaky?: boolean;
}

/** For CI systems: the file that was asked for, and what GitHub Actions shows of a step. */
export async function reportCheck(app: App, { junit, allowFlaky }: Reported, verdict: VerdictView): Promise<void> {
  if (junit !== undefined) {
    await writeFile(junit, suiteXml('check', checkCases(verdict, allowFlaky))).catch((error: Error) => {
      throw new CliffracerError('invalid_input', `--junit ${junit} cannot be written: ${error.message}`, {
        hint: 'give a file in a directory that exists',
      });
    });
  }
  if (app.env.GITHUB_ACTIONS !== 'true') return;
  // Commands are read from both streams; stdout is for the result alone.
  app.io.stderr.write(checkAnnotations(verdict, allowFlaky));
  const page = app.env.GITHUB_STEP_SUMMARY;
  if (page) await appendFile(page, checkSummary(verdict)).catch(() => undefined);
}
