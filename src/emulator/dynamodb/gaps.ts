import type { Gap } from '../core/types.ts';
import { validationError } from './errors.ts';

const TABLES = ['CreateTable', 'UpdateTable'];

/** Better an error than a stream that never has a record. */
const refused = (member: string, about: string, operations: readonly string[] = TABLES): Gap => ({
  operations,
  member,
  about,
  refuse: () => validationError(`${member} (${about}) is not supported by the embedded engine`),
});

export const GAPS: readonly Gap[] = [
  {
    operations: TABLES,
    member: 'StreamSpecification',
    about: 'DynamoDB Streams, when StreamEnabled is true',
    refuse: (value) =>
      (value as { StreamEnabled?: boolean }).StreamEnabled === true
        ? validationError('StreamSpecification (DynamoDB Streams) is not supported by the embedded engine')
        : undefined,
  },
  refused('ReplicaUpdates', 'global tables', ['UpdateTable']),
  refused('GlobalTableSourceArn', 'global tables', ['CreateTable']),
  refused('GlobalTableWitnessUpdates', 'global tables', ['UpdateTable']),
  refused('GlobalTableSettingsReplicationMode', 'global tables'),
  refused('MultiRegionConsistency', 'global tables', ['UpdateTable']),
  refused('DisassociationProtectionEnabled', 'global tables', ['UpdateTable']),
  refused('ResourcePolicy', 'resource policies', ['CreateTable']),
  refused('VectorIndexes', 'vector indexes', ['CreateTable']),
  refused('VectorIndexUpdates', 'vector indexes', ['UpdateTable']),
];
