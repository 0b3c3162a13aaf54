import { setFlagsFromString } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { createClients } from '../../src/aws/clients.ts';
import { makePropertiesFast } from '../../src/aws/fast-properties.ts';

setFlagsFromString('--allow-natives-syntax');
const hasFixedLayout = new Function('object', 'return %HasFastProperties(object)') as (object: object) => boolean;

describe('the layout of settings', () => {
  it('is fixed for what was a hash table, which stays the object it was', () => {
    const settings: Record<string, unknown> = {};
    for (let index = 0; index < 60; index++) settings[`setting${index}`] = index;
    Object.defineProperty(settings, 'asked', { get: () => 'each time', enumerable: true, configurable: true });
    const before = Object.entries(settings);
    expect(hasFixedLayout(settings)).toBe(false);
    makePropertiesFast(settings);
    expect(hasFixedLayout(settings)).toBe(true);
    expect(Object.entries(settings)).toEqual(before);
    settings.more = 1;
    expect(settings.more).toBe(1);
  });

  it('is fixed for every client that is made', async () => {
    const clients = createClients({ kind: 'local', endpoint: 'http://127.0.0.1:4566', region: 'us-east-1' });
    try {
      for (const name of ['sqs', 'sns', 'dynamodb', 's3', 'cloudwatch', 'logs'] as const) {
        expect(hasFixedLayout((await clients[name]()).config), name).toBe(true);
      }
    } finally {
      clients.close();
    }
  });
});
