import type { ServiceId } from '../../src/emulator/core/types.ts';
import {
  loadModel,
  type OperationModel,
  type ProtocolName,
  type ServiceModel,
} from '../../src/emulator/models/model.ts';

export const SERVICES: readonly ServiceId[] = ['sns', 'sqs', 'dynamodb', 's3', 'cloudwatch', 'logs', 'sts'];

export type Models = ReadonlyMap<ServiceId, ServiceModel>;

export async function loadModels(): Promise<Models> {
  const models = new Map<ServiceId, ServiceModel>();
  for (const id of SERVICES) models.set(id, await loadModel(id));
  return models;
}

export function operationOf(models: Models, service: ServiceId, name: string) {
  const model = models.get(service)!;
  const operation = model.operations.get(name);
  if (operation === undefined) throw new Error(`no operation ${name}`);
  return { model, operation, protocol: model.metadata.protocols[0]! } satisfies {
    model: ServiceModel;
    operation: OperationModel;
    protocol: ProtocolName;
  };
}
