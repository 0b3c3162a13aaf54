import { fromByteKey } from '../../emulator/s3/listing/byte-order.ts';
import type { S3State, StoredObject } from '../../emulator/s3/state.ts';
import type { LabEngine } from '../engine.ts';
import { LabError } from '../error.ts';
import type { LabBucket, LabObject } from '../types/resources.ts';

export function labBucket(lab: LabEngine, name: string): LabBucket {
  const objectsOf = () => {
    const bucket = lab.state<S3State>('s3').buckets.get(name);
    if (bucket !== undefined) return bucket.objects;
    throw new LabError(`there is no bucket ${name}`);
  };
  const objects = () =>
    [...objectsOf()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, object]) => labObject(fromByteKey(key), object));
  return { name, objects, object: (key) => objects().find((object) => object.key === key) };
}

function labObject(key: string, { body, etag, headers, metadata }: StoredObject): LabObject {
  const text = () => Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
  return {
    ...{ key, etag, size: body.byteLength, contentType: headers.ContentType },
    metadata: Object.fromEntries(metadata ?? []),
    bytes: new Uint8Array(body),
    text,
    json: () => JSON.parse(text()),
  };
}
