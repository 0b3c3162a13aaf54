import { expect } from 'vitest';
import { type Case, REGION, type World } from './contract.ts';

/** Bucket names are shared by all accounts. */
const bucketOf = ({ account }: World) => `bucket-${account}`;

async function bucket(world: World): Promise<string> {
  const Bucket = bucketOf(world);
  await world.call('s3', 'CreateBucket', { Bucket });
  return Bucket;
}

/** What buckets say of events, of versions, and of what was never configured. */
export const BUCKET_CASES: readonly Case[] = [
  {
    what: 'a queue hears of objects that come and go',
    doc: 'S3 User Guide, Amazon S3 Event Notifications',
    covers: ['PutBucketNotificationConfiguration', 'GetBucketNotificationConfiguration'],
    async run(world) {
      const Bucket = await bucket(world);
      const QueueArn = `arn:aws:sqs:${REGION}:${world.account}:uploads`;
      const { QueueUrl } = await world.call('sqs', 'CreateQueue', { QueueName: 'uploads' });
      const QueueConfigurations = [
        {
          Id: 'receipts',
          QueueArn,
          Events: ['s3:ObjectCreated:*', 's3:ObjectRemoved:Delete'],
          Filter: { Key: { FilterRules: [{ Name: 'Prefix', Value: 'receipts/' }] } },
        },
      ];
      const input = { Bucket, NotificationConfiguration: { QueueConfigurations } };
      const denied = await world.refused('s3', 'PutBucketNotificationConfiguration', input);
      expect([denied.name, denied.message]).toEqual([
        'InvalidArgument',
        'Unable to validate the following destination configurations',
      ]);
      const statement = {
        Effect: 'Allow',
        Principal: { Service: 's3.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: QueueArn,
        Condition: {
          ArnLike: { 'aws:SourceArn': `arn:aws:s3:*:*:${Bucket}` },
          StringEquals: { 'aws:SourceAccount': world.account },
        },
      };
      const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
      await world.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { Policy } });
      await world.call('s3', 'PutBucketNotificationConfiguration', input);
      const kept = await world.call('s3', 'GetBucketNotificationConfiguration', { Bucket });
      expect(kept).toMatchObject({ QueueConfigurations });
      await world.call('s3', 'PutObject', { Bucket, Key: 'receipts/1', Body: 'hello' });
      await world.call('s3', 'PutObject', { Bucket, Key: 'other', Body: 'hello' });
      await world.call('s3', 'DeleteObject', { Bucket, Key: 'receipts/1' });
      const { Messages } = await world.call('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 });
      const events = Messages.map(({ Body }: any) => JSON.parse(Body));
      expect(events[0]).toMatchObject({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket });
      expect(events.slice(1).map(({ Records: [{ eventName, s3 }] }: any) => [eventName, s3.object.key])).toEqual([
        ['ObjectCreated:Put', 'receipts/1'],
        ['ObjectRemoved:Delete', 'receipts/1'],
      ]);
    },
  },
  {
    what: 'a bucket without versioning has one version of each object, whose id is null',
    doc: 'S3 User Guide, Working with objects in a versioning-suspended bucket; ListObjectVersions',
    covers: ['ListObjectVersions'],
    async run(world) {
      const Bucket = await bucket(world);
      for (const Key of ['a/1', 'a/2', 'b', 'c']) await world.call('s3', 'PutObject', { Bucket, Key, Body: Key });
      const first = await world.call('s3', 'ListObjectVersions', { Bucket, Delimiter: '/', MaxKeys: 2 });
      expect(first).toMatchObject({
        CommonPrefixes: [{ Prefix: 'a/' }],
        Versions: [{ Key: 'b', VersionId: 'null', IsLatest: true, Size: 1, StorageClass: 'STANDARD' }],
        IsTruncated: true,
        NextKeyMarker: 'b',
        NextVersionIdMarker: 'null',
      });
      const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = first;
      const rest = await world.call('s3', 'ListObjectVersions', { Bucket, KeyMarker, VersionIdMarker });
      expect([rest.Versions.map(({ Key }: any) => Key), rest.IsTruncated]).toEqual([['c'], false]);
      expect(rest.DeleteMarkers).toBeUndefined();
      const markers = { Bucket, VersionIdMarker: 'null' };
      expect((await world.refused('s3', 'ListObjectVersions', markers)).message).toBe(
        'A version-id marker cannot be specified without a key marker.',
      );
    },
  },
  {
    what: 'a bucket has one rule of ownership, or none',
    doc: 'S3 API Reference, PutBucketOwnershipControls; LocalStack, TestS3BucketOwnershipControls, validated on AWS',
    covers: ['PutBucketOwnershipControls', 'GetBucketOwnershipControls', 'DeleteBucketOwnershipControls'],
    async run(world) {
      const Bucket = await bucket(world);
      const put = (...settings: string[]) => {
        const OwnershipControls = { Rules: settings.map((ObjectOwnership) => ({ ObjectOwnership })) };
        return { Bucket, OwnershipControls };
      };
      for (const wrong of [put('Mine'), put(), put('ObjectWriter', 'BucketOwnerPreferred')]) {
        expect((await world.refused('s3', 'PutBucketOwnershipControls', wrong)).name).toBe('MalformedXML');
      }
      await world.call('s3', 'PutBucketOwnershipControls', put('ObjectWriter'));
      const { OwnershipControls } = await world.call('s3', 'GetBucketOwnershipControls', { Bucket });
      expect(OwnershipControls.Rules).toEqual([{ ObjectOwnership: 'ObjectWriter' }]);
      await world.call('s3', 'DeleteBucketOwnershipControls', { Bucket });
      await world.call('s3', 'DeleteBucketOwnershipControls', { Bucket });
      expect((await world.refused('s3', 'GetBucketOwnershipControls', { Bucket })).name).toBe(
        'OwnershipControlsNotFoundError',
      );
    },
  },
  {
    what: 'what was never configured is answered as in every such bucket',
    doc: 'S3 API Reference, Error responses; LocalStack, tests/aws/services/s3/test_s3_api.py, validated on AWS',
    covers: [
      ...['GetBucketAcl', 'GetObjectAcl', 'GetBucketOwnershipControls', 'GetBucketRequestPayment'],
      ...['GetBucketLogging', 'GetBucketAccelerateConfiguration'],
    ],
    async run(world) {
      const Bucket = await bucket(world);
      await world.call('s3', 'PutObject', { Bucket, Key: 'k', Body: '' });
      const acl = await world.call('s3', 'GetBucketAcl', { Bucket });
      expect(acl.Grants).toEqual([
        { Grantee: { ID: acl.Owner.ID, Type: 'CanonicalUser' }, Permission: 'FULL_CONTROL' },
      ]);
      const ofObject = await world.call('s3', 'GetObjectAcl', { Bucket, Key: 'k' });
      expect([ofObject.Owner, ofObject.Grants]).toEqual([acl.Owner, acl.Grants]);
      expect((await world.refused('s3', 'GetObjectAcl', { Bucket, Key: 'none' })).name).toBe('NoSuchKey');
      const { OwnershipControls } = await world.call('s3', 'GetBucketOwnershipControls', { Bucket });
      expect(OwnershipControls.Rules).toEqual([{ ObjectOwnership: 'BucketOwnerEnforced' }]);
      expect((await world.call('s3', 'GetBucketRequestPayment', { Bucket })).Payer).toBe('BucketOwner');
      expect((await world.call('s3', 'GetBucketLogging', { Bucket })).LoggingEnabled).toBeUndefined();
      expect((await world.call('s3', 'GetBucketAccelerateConfiguration', { Bucket })).Status).toBeUndefined();
      const refusals = {
        GetBucketCors: 'NoSuchCORSConfiguration',
        GetBucketWebsite: 'NoSuchWebsiteConfiguration',
        GetBucketReplication: 'ReplicationConfigurationNotFoundError',
        GetObjectLockConfiguration: 'ObjectLockConfigurationNotFoundError',
      };
      for (const [operation, name] of Object.entries(refusals)) {
        const error = await world.refused('s3', operation, { Bucket });
        expect([error.name, error.$metadata.httpStatusCode]).toEqual([name, 404]);
      }
    },
  },
  {
    what: 'a form with a file becomes an object',
    doc: 'S3 API Reference, POST Object',
    covers: ['PostObject'],
    async run(world) {
      const Bucket = await bucket(world);
      const policy = {
        expiration: new Date(world.now + 60_000).toISOString(),
        conditions: [{ bucket: Bucket }, ['starts-with', '$key', 'in/'], ['content-length-range', 1, 10]],
      };
      const form = new FormData();
      form.set('key', 'in/a');
      form.set('AWSAccessKeyId', world.account);
      form.set('policy', Buffer.from(JSON.stringify(policy)).toString('base64'));
      form.set('signature', 'not verified');
      form.set('file', new Blob(['hello']), 'a.txt');
      const { port } = await world.client('s3').config.endpoint();
      const answer = await fetch(`http://127.0.0.1:${port}/${Bucket}`, { method: 'POST', body: form });
      expect(answer.status).toBe(204);
      world.succeeded.add('s3 PostObject');
      expect((await world.call('s3', 'HeadObject', { Bucket, Key: 'in/a' })).ContentLength).toBe(5);
    },
  },
];
