import { AwsError } from './errors.ts';
import type { Call, Operation, ServiceDefinition, ServiceId } from './types.ts';

/** The operation that a call names, of a client's or of the control interface. */
export function operationOf(
  services: ReadonlyMap<ServiceId, ServiceDefinition>,
  { service, operation }: Call,
): Operation {
  const { operations = {}, control = {} } = services.get(service) ?? {};
  if (Object.hasOwn(operations, operation)) return operations[operation]!;
  if (Object.hasOwn(control, operation)) return control[operation]!;
  throw new AwsError('UnknownOperationException', `The operation ${operation} is not known.`);
}
