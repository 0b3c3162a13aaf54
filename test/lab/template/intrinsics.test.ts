// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a function of CloudFormation is written so.
import { describe, expect, test } from 'vitest';
import { PLACE, refusal, worth } from './template.ts';

const SECTIONS = `
Parameters:
  Stage: {Type: String, Default: dev}
  Zones: {Type: CommaDelimitedList, Default: 'a, b,c'}
Mappings:
  Sizes: {dev: {Count: 1, Zero: 0}, prod: {Count: 3}}
Conditions:
  IsDev: !Equals [!Ref Stage, dev]
  IsProd: !Not [!Condition IsDev]
  Both: !And [!Condition IsDev, !Condition IsProd]
  Either: !Or [!Condition IsDev, !Condition IsProd]
`;

describe('CloudFormation User Guide, "Intrinsic function reference"', () => {
  test.each([
    ['!Ref Stage', 'dev'],
    ['!Ref Zones', ['a', 'b', 'c']],
    ['!Ref Orders', 'http://localhost:4566/000000000000/orders'],
    ['!GetAtt Orders.Arn', 'arn:aws:sqs:us-east-1:000000000000:orders'],
    ['{"Fn::GetAtt": [Orders, QueueName]}', 'orders'],
    ['{"Fn::GetAtt": Orders.QueueName}', 'orders'],
    [
      "!Sub '${Orders.Arn}/${Stage}/${AWS::Region}/${!literal}'",
      'arn:aws:sqs:us-east-1:000000000000:orders/dev/us-east-1/${literal}',
    ],
    ["!Sub ['${Name}-${Stage}', {Name: !Ref Stage}]", 'dev-dev'],
    ["!Join [':', [a, !Ref Stage, 7]]", 'a:dev:7'],
    ["!Join [',', !Ref Zones]", 'a,b,c'],
    ["!Split [',', 'x,y']", ['x', 'y']],
    ['!Select [1, !Ref Zones]', 'b'],
    ["!Select ['2', !Split ['-', 'x-y-z']]", 'z'],
    ['!If [IsDev, one, other]', 'one'],
    ['!If [IsProd, one, other]', 'other'],
    ['!If [Both, one, other]', 'other'],
    ['!If [Either, one, other]', 'one'],
    ['[a, !If [IsDev, !Ref AWS::NoValue, b], c]', ['a', 'c']],
    ['{a: 1, b: !If [IsDev, !Ref AWS::NoValue, 2]}', { a: 1 }],
    ['!FindInMap [Sizes, !Ref Stage, Count]', 1],
    ['!FindInMap [Sizes, dev, Zero]', 0],
    ['!FindInMap [Sizes, test, Count, {DefaultValue: 9}]', 9],
    ['!Base64 hello', 'aGVsbG8='],
    ['{"Fn::Base64": !Sub "${Stage}"}', 'ZGV2'],
    ['!ImportValue other', 'imported'],
    ['!Ref AWS::AccountId', '000000000000'],
    ['!Ref AWS::Region', 'us-east-1'],
    ['!Ref AWS::Partition', 'aws'],
    ['!Ref AWS::StackName', 'shop'],
    ['!Ref AWS::URLSuffix', 'amazonaws.com'],
    ["'012345678901'", '012345678901'],
    ['012345678901', '012345678901'],
    ['1.0', '1.0'],
    ['2012-10-17', '2012-10-17'],
  ])('%s', async (value, expected) => {
    const place = { ...PLACE, exports: new Map([['other', 'imported']]) };
    expect(await worth(value, { sections: SECTIONS, place })).toEqual(expected);
  });

  test.each([
    ['!Ref Nothing', 'Outputs.It.Value.Ref: there is no parameter or resource Nothing'],
    ['!GetAtt Orders.Size', 'Outputs.It.Value.Fn::GetAtt: attribute Size of Orders (AWS::SQS::Queue) is not known'],
    ["!Sub '${Nothing.Arn}'", 'Outputs.It.Value.Fn::Sub: there is no parameter or resource Nothing'],
    ['!Select [3, !Ref Zones]', 'Outputs.It.Value.Fn::Select: there is no element 3'],
    ['!FindInMap [Sizes, test, Count]', 'Outputs.It.Value.Fn::FindInMap: Mappings have no Sizes.test.Count'],
    [
      '!FindInMap [constructor, name, length]',
      'Outputs.It.Value.Fn::FindInMap: Mappings have no constructor.name.length',
    ],
    ['!If [Nothing, a, b]', 'Outputs.It.Value.Fn::If: there is no condition Nothing'],
    ['!ImportValue nothing', 'Outputs.It.Value.Fn::ImportValue: no template given before this one exports nothing'],
    ['!Cidr [10.0.0.0/16, 2]', 'Outputs.It.Value: function Fn::Cidr is not known'],
    ['{"Fn::constructor": 1}', 'Outputs.It.Value: function Fn::constructor is not known'],
    ['!Join [a]', 'Outputs.It.Value.Fn::Join: takes a list of 2'],
  ])('%s is refused', async (value, line) => {
    expect((await refusal(worth(value, { sections: SECTIONS }))).lines).toEqual([expect.stringContaining(line)]);
  });

  test('conditions that refer to each other are named', async () => {
    const sections = 'Conditions: {A: !Not [!Condition B], B: !Not [!Condition A]}';
    expect((await refusal(worth('!If [A, 1, 2]', { sections }))).lines[0]).toContain('A -> B -> A');
  });
});

describe('CloudFormation User Guide, "Parameters"', () => {
  const declared = (declaration: string) => `Parameters: {P: {${declaration}}}`;
  test.each([
    ['Type: String', undefined, 'has no value: give --parameter P=VALUE'],
    ['Type: String, AllowedValues: [a, b]', 'c', '"c" is not one of a, b'],
    ['Type: Number', 'x', '"x" is no number'],
    ['Type: Number, MinValue: 2', '1', '"1" is below MinValue 2'],
    ['Type: Number, MaxValue: 2', '3', '"3" is above MaxValue 2'],
    ['Type: String, MinLength: 2', 'x', '"x" is below MinLength 2'],
    ['Type: String, MaxLength: 2', 'xyz', '"xyz" is above MaxLength 2'],
    ['Type: String, AllowedPattern: "[a-z]+"', 'A', '"A" does not match [a-z]+'],
    ['Type: CommaDelimitedList, AllowedValues: [a]', 'a,b', '"a,b" is not one of a'],
  ])('%s given %s', async (declaration, value, message) => {
    const parameters: Record<string, string> = value === undefined ? {} : { P: value };
    const { lines, code } = await refusal(worth('!Ref P', { sections: declared(declaration), parameters }));
    expect([code, lines[0]]).toEqual(['invalid_input', expect.stringContaining(message)]);
  });

  test('a pattern that would take for ever is not tried', async () => {
    const sections = declared('Type: String, AllowedPattern: "(a+)+b"');
    expect(await worth('!Ref P', { sections, parameters: { P: 'a'.repeat(200) } })).toHaveLength(200);
  });
});
