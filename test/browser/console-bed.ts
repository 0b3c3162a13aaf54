import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { BIN, Sandbox } from '../binary/program.ts';
import { openBrowser } from './browser.ts';

const OPENS_WITHIN_MS = 120_000;

/** One console for the tests of a file. After each test its tabs are closed, and none of them may have had a complaint. */
export function consoleForTests(): ConsoleInBrowser {
  const bed = new ConsoleInBrowser();
  beforeAll(() => bed.open(), OPENS_WITHIN_MS);
  afterAll(() => bed.close(), OPENS_WITHIN_MS);
  afterEach(async () => {
    for (const page of bed.context.pages().slice(1)) await page.close();
    expect(bed.complaints.splice(0)).toEqual([]);
  });
  return bed;
}

/** The built program with an engine, its console, and a browser. */
class ConsoleInBrowser {
  readonly sandbox = new Sandbox();
  context!: BrowserContext;
  url!: string;
  /** What pages said that they should not have: errors, refused resources, requests to elsewhere. */
  readonly complaints: string[] = [];
  #console!: ChildProcess;
  #closeBrowser!: () => Promise<void>;

  async open(): Promise<void> {
    await this.sandbox.open();
    await this.sandbox.ready('up');
    const args = [BIN, 'console', '--port', '0', '--json'];
    const stdio = ['ignore', 'pipe', 'ignore'] as const;
    this.#console = spawn(process.execPath, args, { env: this.sandbox.environment(), stdio: [...stdio] });
    const [line] = await once(this.#console.stdout!, 'data');
    this.url = JSON.parse(String(line)).url;
    ({ context: this.context, close: this.#closeBrowser } = await openBrowser());
    this.context.setDefaultTimeout(10_000);
    await this.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(this.url).origin });
  }

  async close(): Promise<void> {
    await this.#closeBrowser?.();
    this.#console?.kill('SIGKILL');
    await this.sandbox.close();
  }

  async send(queue: string, MessageBody: string): Promise<any> {
    return this.aws('AmazonSQS.SendMessage', { QueueUrl: queue, MessageBody });
  }

  /** A new tab at an area. */
  async tab(address = '#/map', size = { width: 1280, height: 800 }): Promise<Page> {
    const page = await this.context.newPage();
    await page.setViewportSize(size);
    page.on('console', (message) => {
      // While the engine is away, its absence is told by a status.
      if (message.type() === 'error' && !message.text().includes('503')) this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('dialog', (dialog) => {
      this.complaints.push(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (new URL(request.url()).origin !== new URL(this.url).origin && !/^(data|blob):/.test(request.url())) {
        this.complaints.push(`a request to ${request.url()}`);
      }
    });
    await page.goto(this.url);
    await page.getByText('embedded engine').first().waitFor();
    await this.show(page, address);
    return page;
  }

  async show(page: Page, address: string): Promise<void> {
    await page.evaluate(`location.hash = ${JSON.stringify(address)}`);
  }

  /** A call in DynamoDB's or SQS's JSON. */
  async aws(target: string, input: object): Promise<any> {
    const version = target.startsWith('AmazonSQS') || target.startsWith('DynamoDB') ? '1.0' : '1.1';
    const scope = target.startsWith('AmazonSQS') ? 'sqs' : target.startsWith('DynamoDB') ? 'dynamodb' : 'logs';
    const response = await fetch(this.sandbox.endpoint, {
      method: 'POST',
      headers: {
        'content-type': `application/x-amz-json-${version}`,
        'x-amz-target': target,
        authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${scope}/aws4_request, SignedHeaders=host, Signature=0`,
      },
      body: JSON.stringify(input),
    });
    const text = await response.text();
    const answer = text === '' ? {} : JSON.parse(text);
    if (!response.ok) throw new Error(`${target}: ${JSON.stringify(answer)}`);
    return answer;
  }

  async putObject(bucket: string, key: string, text: string, type: string): Promise<void> {
    const authorization =
      'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0';
    const headers = { 'content-type': type, authorization };
    const path = `${bucket}/${encodeURIComponent(key)}`;
    const response = await fetch(`${this.sandbox.endpoint}/${path}`, { method: 'PUT', headers, body: text });
    if (!response.ok) throw new Error(await response.text());
  }

  /** Serious faults that axe-core finds. */
  async faults(page: Page): Promise<string[]> {
    // Playwright runs it in a world of its own, which the page's policy does not reach.
    await page.evaluate(await axeSource());
    const { violations } = (await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")) as any;
    return violations
      .filter(({ impact }: any) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }: any) => `${id}: ${nodes.map(({ html }: any) => html).join(' ')}`);
  }
}

async function axeSource(): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
}
