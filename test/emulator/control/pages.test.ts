import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { lab, NOON } from './lab.ts';

type Lab = ReturnType<typeof lab>;

const open = async ({ emulator }: Lab, url: string, method = 'GET') => {
  const answer = await emulator.handle({ method, url, headers: { host: '127.0.0.1:4566' }, body: Buffer.alloc(0) });
  return { ...answer, text: String(answer.body) };
};

async function bucketWith(it: Lab, objects: Record<string, string>): Promise<void> {
  await it.call('s3', 'CreateBucket', { Bucket: 'shop' });
  for (const [Key, text] of Object.entries(objects)) {
    await it.call('s3', 'PutObject', { Bucket: 'shop', Key, Body: Buffer.from(text), ContentType: 'text/html' });
  }
}

const HOSTILE = '<script>alert(1)</script>"\'&';

describe('the page of S3', () => {
  it('shows buckets, objects and a receipt as text', async () => {
    const it = lab();
    await bucketWith(it, { 'receipts/o-1.json': '{"order":"o-1"}', 'other/x': 'x' });
    expect((await open(it, '/_localstack/s3')).text).toContain('<td class="n">2</td>');
    const objects = await open(it, '/_localstack/s3?bucket=shop&prefix=receipts/');
    expect(objects.text).toContain('href="/_localstack/s3?bucket=shop&amp;key=receipts%2Fo-1.json"');
    expect(objects.text).not.toContain('other/x');
    const receipt = await open(it, '/_localstack/s3?bucket=shop&key=receipts%2Fo-1.json');
    expect(receipt.text).toContain('{\n  &quot;order&quot;: &quot;o-1&quot;\n}');
  });

  it('lists a large bucket by pages', async () => {
    const it = lab();
    await bucketWith(it, Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`k${1000 + index}`, ''])));
    const first = await open(it, '/_localstack/s3?bucket=shop');
    expect(first.text).toContain('after=k1199');
    expect(first.text).not.toContain('k1200');
    const next = await open(it, '/_localstack/s3?bucket=shop&after=k1199');
    expect(next.text).toContain('k1200');
    expect(next.text).not.toContain('Next page');
  });

  it('takes names and contents for text', async () => {
    const it = lab();
    await bucketWith(it, { [HOSTILE]: HOSTILE });
    const key = encodeURIComponent(HOSTILE);
    for (const url of ['/_localstack/s3?bucket=shop', `/_localstack/s3?bucket=shop&key=${key}`]) {
      const { text } = await open(it, url);
      expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;');
      expect(text).not.toContain('<script');
    }
  });

  it('is not there for another account, an unknown bucket or key, and is only read', async () => {
    const it = lab();
    await bucketWith(it, { x: 'x' });
    const query = ['bucket=none', 'bucket=shop&key=none', 'bucket=shop&account=111111111111', 'account=x'];
    for (const each of query) expect((await open(it, `/_localstack/s3?${each}`)).status).toBe(404);
    expect((await open(it, '/_localstack/s3/other')).status).toBe(404);
    expect((await open(it, '/_localstack/s3', 'POST')).status).toBe(405);
    expect(JSON.parse((await open(it, '/_localstack/health')).text)).toHaveProperty('services');
  });
});

describe('the page of CloudWatch', () => {
  it('shows alarms and metrics, those of programs first', async () => {
    const it = lab();
    await it.queueWith('a');
    await it.call('cloudwatch', 'PutMetricData', {
      Namespace: 'Shop',
      MetricData: [1, 3].map((Value, index) => ({
        MetricName: `Orders ${HOSTILE}`,
        Value,
        Timestamp: NOON / 1000 - 60 * (index + 1),
      })),
    });
    await it.call('cloudwatch', 'PutMetricAlarm', {
      ...{ AlarmName: `late ${HOSTILE}`, Namespace: 'Shop', MetricName: 'Orders', Statistic: 'Sum', Period: 60 },
      ...{ EvaluationPeriods: 1, Threshold: 5, ComparisonOperator: 'GreaterThanThreshold' },
    });
    const { text, status } = await open(it, '/_aws/cloudwatch');
    expect(status).toBe(200);
    expect(text).not.toContain('<script');
    expect(text).toContain('Sum of Shop Orders &gt; 5');
    expect(text).toMatch(/<td class="n">1<\/td><td class="n">4<\/td><td><svg/);
    expect(text.indexOf('<h2>Shop')).toBeLessThan(text.indexOf('<h2>AWS/SQS'));
    expect((await open(it, '/_aws/cloudwatch?after=nonsense')).status).toBe(404);
    expect((await open(it, '/_aws/other')).status).toBe(404);
  });
});

it('allows neither scripts nor anything from elsewhere, and its one style by hash', async () => {
  const { headers, text } = await open(lab(), '/_localstack/s3');
  const style = createHash('sha256')
    .update(/<style>(.*)<\/style>/s.exec(text)![1]!)
    .digest('base64');
  const policy = headers['content-security-policy']!.split('; ');
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain('sandbox allow-same-origin');
  expect(policy).toContain(`style-src 'sha256-${style}'`);
});

describe('the address of the console', () => {
  it('is linked to while the console says that it is there', async () => {
    let now = NOON;
    const it = lab({ host: { now: () => now, after: () => () => {} } });
    const url = 'http://127.0.0.1:4567/';
    expect((await open(it, '/_localstack/s3')).text).toContain('cliffracer console --open');
    await it.control('POST /console', { url });
    for (const page of ['/_localstack/s3', '/_aws/cloudwatch']) {
      expect((await open(it, page)).text).toContain(`<a href="${url}">`);
    }
    now += 31_000;
    expect((await open(it, '/_localstack/s3')).text).not.toContain(url);
    await it.control('POST /console', { url });
    await it.control('DELETE /console');
    expect((await it.control('GET /console')).body).toEqual({ url: null });
  });

  it.each(['http://evil.example/', 'javascript:alert(1)', 'http://127.0.0.1:80/#key', undefined])(
    'is not %s',
    async (url) => expect((await lab().control('POST /console', { url })).status).toBe(400),
  );
});
