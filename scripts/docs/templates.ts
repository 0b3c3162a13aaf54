import { INTRINSICS } from '../../src/lab/template/intrinsics.ts';
import { RESOURCE_TYPES, WITHOUT_EFFECT } from '../../src/lab/template/known-types.ts';
import { NAMINGS } from '../../src/lab/template/made.ts';
import { PSEUDO } from '../../src/lab/template/scope.ts';
import type { Shape } from '../../src/lab/template/shape.ts';

const HEAD = `# Templates

<!-- Made by \`npm run docs\` from src/lab/template. -->

\`provision --template FILE\` makes on an engine what a template declares: CloudFormation or AWS SAM, in YAML or JSON, also the templates that CDK
writes to \`cdk.out\`. The second run changes nothing, \`--plan\` shows every attribute that would change. Nothing is made before the whole template has been
worked out: what is wrong, and what is not known, is named with its path.

    cliffracer provision --template template.yaml --parameter Stage=dev
    cliffracer provision --template cdk.out/Orders.template.json --stack-name orders --plan
    cliffracer provision --template network.yaml --template orders.yaml --skip-unknown

| option | meaning |
|---|---|
| \`--template FILE\` | may be repeated; templates are made in this order, and a later one imports what an earlier one exports |
| \`--parameter NAME=VALUE\` | a value for every template that declares the parameter; checked against type, allowed values, pattern and limits |
| \`--stack-name NAME\` | \`AWS::StackName\`, and the beginning of generated names. Without it \`Orders.template.json\` is \`Orders\`, and \`shop/template.yaml\` is \`shop\` |
| \`--skip-unknown\` | leaves out what is not known, and what cannot be without it; both are listed |

- **Names** of resources without one are CloudFormation's, \`STACK-LOGICALID-SUFFIX\`, but the suffix follows from stack and logical id, so that every run finds
  them.
- **Functions and event source mappings** are not made: the engine has no Lambda. They are listed, with where their code is, and \`--json\` has them in full.
- **Of a property that a template no longer sets** the old value stays, but for those with a default in the table's rows of queues; resources that a template no
  longer has stay too.
- **\`diff --template\`** shows what is not as the template says, and with \`--exit-code\` fails for it. **\`destroy --template\`** removes what was made of it, with all that is in
  it, the last template first: what carries the tag \`cliffracer:stack\` of the stack. What was there before a template took it over (\`cliffracer:adopted\`) is kept.
- **A queue policy** is set with its queue: of two policies of one queue the later one is kept, as on AWS.
- **Not done**: nested stacks, macros other than SAM's, \`Fn::Transform\`, \`Fn::ForEach\`, dynamic references (\`{{resolve:...}}\` stays text), streams, functions as
  targets of topics and buckets. \`Rules\` are not checked. On AWS itself templates are deployed by CloudFormation: \`--target aws\` is refused.
- **Limits**: 1 MiB, as CloudFormation; 100 levels; 200,000 values, aliases written out. YAML is 1.2: \`yes\` and \`on\` are text, and so is a number that would change
  when it is written again (\`012345678901\`, \`1.0\`).
`;

const marked = (name: string) => `\`${name}\``;

function properties(shape: { readonly [name: string]: Shape }, ignored: boolean): string {
  const names = Object.keys(shape).filter((name) => (shape[name] === 'ignored') === ignored);
  return names.sort().map(marked).join(', ');
}

/** docs/templates.md. */
export function templatesPage(): string {
  const types = Object.entries(RESOURCE_TYPES).map(
    ([type, { about, properties: shape }]) =>
      `| \`${type}\` | ${about} | ${properties(shape, false)} | ${properties(shape, true)} |`,
  );
  const serverless = [
    '| `AWS::Serverless::Function` | a function, and for each event of type SQS a mapping, of type SNS with `SqsSubscription` also queue, policy and subscription | | |',
    '| `AWS::Serverless::SimpleTable` | a table | `PrimaryKey`, `ProvisionedThroughput`, `TableName`, `Tags` | `SSESpecification` |',
  ];
  const attributes = Object.entries(NAMINGS)
    .filter(([, { attributes }]) => Object.keys(attributes).length > 0)
    .map(([type, { attributes }]) => `| \`${type}\` | ${Object.keys(attributes).map(marked).join(', ')} |`);
  return [
    HEAD,
    '## Resources\n',
    '| type | what it comes to | properties | taken, without effect |\n|---|---|---|---|',
    [...types, ...serverless].sort().join('\n'),
    '\nTaken, without effect:\n',
    Object.entries(WITHOUT_EFFECT)
      .map(([type, why]) => `- \`${type}\`: ${why}`)
      .join('\n'),
    '\nFunctions that only answer to custom resources of the template are left out as well.\n',
    '## Functions\n',
    `${Object.keys(INTRINSICS).map(marked).join(', ')}, and in conditions \`Fn::Equals\`, \`Fn::And\`, \`Fn::Or\`, \`Fn::Not\`, \`Condition\`; in YAML in their short forms too.`,
    `Pseudo parameters: ${[...Object.keys(PSEUDO), 'AWS::NoValue'].map(marked).join(', ')}.\n`,
    '`Ref` gives what CloudFormation gives: the URL of a queue, the ARN of a topic, the name of a table, bucket, log group, alarm or function. `Fn::GetAtt`:\n',
    '| type | attributes |\n|---|---|',
    attributes.join('\n'),
    '',
  ].join('\n');
}
