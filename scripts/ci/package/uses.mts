// What the types of the package must allow, and must refuse. Checked under nodenext, as ES module and CommonJS, and bundler.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { type Config, defineConfig } from 'cliffracer';
import { createEngine, type LocalEngine } from 'cliffracer/engine';
import { type Lab, LabError, type LabMessage, startLab } from 'cliffracer/testing';

export const config: Config = defineConfig({ port: 4566 });

export async function uses(): Promise<LabMessage[]> {
  await using lab: Lab = await startLab({ seed: 1, clock: 'virtual', config, delivery: 'aws' });
  const clients = [
    ...[new SQSClient(lab.client), new SNSClient(lab.client), new DynamoDBClient(lab.client), new S3Client(lab.client)],
    new SQSClient({ region: 'eu-west-1', requestHandler: lab.requestHandler }),
  ];
  const consumer = lab.consume('jobs', async (event) => event.Records.length, { batchSize: 5 });
  lab.consume('mails', { handleMessage: async (message) => message }, { alwaysAcknowledge: true });
  await lab.queue('jobs').consumed(({ total }) => total > 2, { times: 1 });
  // @ts-expect-error: not an option of startLab
  await startLab({ sed: 1 });
  // @ts-expect-error: consume takes one handler or the other
  lab.consume('jobs', 'handler');
  const engine: LocalEngine = createEngine({ frozenAt: new Date() });
  new SQSClient({ requestHandler: engine.requestHandler });
  const name: string = consumer.name + new LabError('x').name + clients.length;
  return lab.queue(name).messages({ id: 1 });
}
