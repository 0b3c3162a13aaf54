import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';

const PATH = process.env.CLIFFRACER_CHROMIUM ?? '/usr/bin/chromium';

/** Names that the browser of the tests resolves to this machine. */
const HERE = ['localhost.localstack.cloud', '*.localhost.localstack.cloud', '*.example'];

const FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
  `--host-resolver-rules=${HERE.map((name) => `MAP ${name} 127.0.0.1`).join(',')}`,
];

/** Chromium with an empty profile. */
export async function openBrowser(): Promise<{ context: BrowserContext; close(): Promise<void> }> {
  if (!existsSync(PATH)) throw new Error(`no browser at ${PATH}: apt-get install chromium, or set CLIFFRACER_CHROMIUM`);
  const profile = mkdtempSync(join(tmpdir(), 'cliffracer-browser-'));
  const context = await chromium.launchPersistentContext(profile, { executablePath: PATH, args: FLAGS });
  return {
    context,
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
