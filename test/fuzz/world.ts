import type { ServiceId } from '../../src/emulator/core/types.ts';
import { bytesOf, type Connection } from './connection.ts';
import { authorization, encodeRequest } from './encode.ts';
import { ACCOUNT, REGION, WITNESS } from './hints.ts';
import { type Models, operationOf } from './models.ts';
import { type Step, WORLD } from './resources.ts';

const LOCATION = { CreateBucketConfiguration: { LocationConstraint: WITNESS.region } };

/** The same world once more, for a client of another account and region, who does nothing while others are fuzzed. */
const WITNESSED: readonly Step[] = WORLD.map(([service, operation, input]) => {
  const text = JSON.stringify(input, (_key, value) => (value?.type === 'Buffer' ? 'hello' : value))
    .replaceAll(ACCOUNT, WITNESS.account)
    .replaceAll(REGION, WITNESS.region)
    .replaceAll('fuzz-', 'witness-');
  return [service, operation, { ...JSON.parse(text), ...(operation === 'CreateBucket' ? LOCATION : {}) }];
});

/** Empties the engine and makes both worlds. */
export async function makeWorld(models: Models, connection: Connection): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  await expect200(
    connection,
    bytesOf({ method: 'POST', url: '/_cliffracer/reset', headers, body: Buffer.alloc(0), label: '' }),
    'reset',
  );
  for (const [service, name, input] of WORLD) await run(service, name, input);
  for (const [service, name, input] of WITNESSED)
    await run(service, name, input, authorization(service, WITNESS.account, WITNESS.region));

  async function run(
    service: ServiceId,
    name: string,
    input: Record<string, unknown>,
    signature?: string,
  ): Promise<void> {
    const { model, operation, protocol } = operationOf(models, service, name);
    const request = encodeRequest(model, operation, protocol, input);
    if (signature !== undefined) request.headers.authorization = signature;
    await expect200(connection, bytesOf(request), `${service} ${name}`);
  }
}

async function expect200(connection: Connection, bytes: Buffer, what: string): Promise<void> {
  let outcome = await connection.send(bytes);
  // The server may have let go of a connection that was idle.
  if ('closed' in outcome) outcome = await connection.send(bytes);
  if ('response' in outcome && outcome.response.status === 200) return;
  throw new Error(
    `the world could not be made: ${what}: ${'response' in outcome ? outcome.response.body : JSON.stringify(outcome)}`,
  );
}
