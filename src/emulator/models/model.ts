import type { ServiceId } from '../core/types.ts';

/** A shape as botocore's service models lay it out (scripts/derive-models.py keeps what the wire needs). */
export interface Shape {
  type: 'structure' | 'list' | 'map' | 'string' | 'integer' | 'long' | 'double' | 'boolean' | 'blob' | 'timestamp';
  required?: string[];
  members?: Record<string, Member>;
  member?: Member;
  key?: Member;
  value?: Member;
  min?: number;
  max?: number;
  pattern?: string;
  enum?: string[];
  payload?: string;
  flattened?: boolean;
  locationName?: string;
  error?: { code?: string; httpStatusCode?: number; senderFault?: boolean };
  exception?: boolean;
  fault?: boolean;
  timestampFormat?: string;
}

/** How a structure, list or map refers to another shape. */
export interface Member {
  shape: string;
  location?: 'uri' | 'querystring' | 'header' | 'headers';
  locationName?: string;
  /** SQS's names of the Query protocol, where they differ. */
  queryName?: string;
  flattened?: boolean;
  streaming?: boolean;
  xmlAttribute?: boolean;
  xmlNamespace?: { prefix?: string; uri: string };
  timestampFormat?: string;
}

export interface OperationModel {
  name: string;
  http: { method: string; requestUri: string; responseCode?: number };
  input?: string;
  output?: string;
  errors: string[];
  /** Root element of S3's response. */
  resultRoot?: string;
}

export type ProtocolName = 'json' | 'query' | 'cbor' | 'rest-xml';

export interface ModelDocument {
  metadata: {
    apiVersion: string;
    endpointPrefix: string;
    protocols: ProtocolName[];
    jsonVersion?: string;
    targetPrefix?: string;
    xmlNamespace?: string;
    awsQueryCompatible?: object;
  };
  operations: Record<string, Omit<OperationModel, 'name'>>;
  shapes: Record<string, Shape>;
  otherRoutes?: Record<string, string>;
}

export interface ServiceModel {
  id: ServiceId;
  metadata: ModelDocument['metadata'];
  /** By name; a Map, because names come from clients. */
  operations: ReadonlyMap<string, OperationModel>;
  shapes: ReadonlyMap<string, Shape>;
  /** Operations of S3 that the engine does not have: name -> method and URI. */
  otherRoutes: ReadonlyMap<string, string>;
  shape(name: string): Shape;
}

// One literal import a service: a bundler cannot follow a computed path.
const documents: Record<ServiceId, () => Promise<{ default: unknown }>> = {
  sns: () => import('./sns.json', { with: { type: 'json' } }),
  sqs: () => import('./sqs.json', { with: { type: 'json' } }),
  dynamodb: () => import('./dynamodb.json', { with: { type: 'json' } }),
  s3: () => import('./s3.json', { with: { type: 'json' } }),
  cloudwatch: () => import('./cloudwatch.json', { with: { type: 'json' } }),
  logs: () => import('./logs.json', { with: { type: 'json' } }),
  sts: () => import('./sts.json', { with: { type: 'json' } }),
};

/** Reads a service's model; only what is used is read. */
export async function loadModel(id: ServiceId): Promise<ServiceModel> {
  return prepareModel(id, (await documents[id]()).default as ModelDocument);
}

export function prepareModel(id: ServiceId, document: ModelDocument): ServiceModel {
  const shapes = new Map(Object.entries(document.shapes));
  const operations = Object.entries(document.operations).map(([name, rest]) => [name, { name, ...rest }] as const);
  return {
    id,
    metadata: document.metadata,
    operations: new Map(operations),
    shapes,
    otherRoutes: new Map(Object.entries(document.otherRoutes ?? {})),
    shape(name) {
      const shape = shapes.get(name);
      if (shape === undefined) throw new Error(`model of ${id}: no shape ${name}`);
      return shape;
    },
  };
}
