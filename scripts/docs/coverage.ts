import type { ServiceDefinition, ServiceId } from '../../src/emulator/core/types.ts';
import type { ServiceModel } from '../../src/emulator/models/model.ts';

export const NAMES: Record<ServiceId, string> = {
  sns: 'SNS',
  sqs: 'SQS',
  dynamodb: 'DynamoDB',
  s3: 'S3',
  cloudwatch: 'CloudWatch',
  logs: 'CloudWatch Logs',
  sts: 'STS',
};

const PROTOCOLS = { query: 'Query', json: 'JSON', cbor: 'CBOR', 'rest-xml': 'REST/XML' };

export interface Covered {
  service: ServiceDefinition;
  model: ServiceModel;
  /** AWS's operations that are not there. */
  absent: readonly string[];
}

const introduction = (botocore: string) => `# What the engine has and has not

Written by \`npm run docs\` from AWS's service models, as botocore ${botocore} has them, and from the lists by which the engine itself refuses (\`gaps.ts\` of each
service); a test fails when this page is stale, and when a member of an input is neither read by the engine nor listed here.

An operation that is not there is refused as AWS refuses what it does not know: \`UnknownOperationException\`, \`InvalidAction\`, S3's
\`NotImplemented\`. A member that is *refused* is an error too, never ignored; one without effect is accepted. All else that AWS's models
have is there; [engine.md](engine.md) says where it behaves differently.
`;

/** docs/coverage.md: the operations of each service, and the members of their inputs that nothing comes of. */
export function coveragePage(all: readonly Covered[], botocore: string): string {
  return [introduction(botocore), ...all.map(section)].join('\n');
}

function section({ service, model, absent }: Covered): string {
  const there = [...model.operations.keys()].sort();
  const protocols = model.metadata.protocols.map((name) =>
    name === 'json' ? `JSON ${model.metadata.jsonVersion}` : PROTOCOLS[name],
  );
  const gaps = (service.gaps ?? []).map(({ member, operations, about, refuse }) => {
    const of = operations.includes('*') ? 'all' : operations.join(', ');
    return `| \`${member}\` | ${of} | ${refuse === undefined ? 'no effect' : 'refused'} | ${about} |`;
  });
  return [
    `## ${NAMES[service.id]}`,
    '',
    `Protocols: ${protocols.join(', ')}. ${there.length} of ${there.length + absent.length} operations.`,
    '',
    `**There**: ${there.join(', ')}.`,
    '',
    ...(absent.length > 0 ? [`**Not there**: ${absent.join(', ')}.`, ''] : []),
    ...(gaps.length > 0 ? ['| member | of | here | what it is about |', '|---|---|---|---|', ...gaps, ''] : []),
  ].join('\n');
}
