import { AwsError } from '../../core/errors.ts';
import type { ServiceId } from '../../core/types.ts';
import type { OperationModel, ServiceModel } from '../../models/model.ts';
import { constraintChecker, type Unenforced, type Violation } from './constraints.ts';
import { parameterText, validationText } from './wording.ts';

export type Validate = (operation: OperationModel, input: Record<string, unknown>) => void;

interface Manners {
  unenforced: Unenforced;
  refuse(operation: OperationModel, input: unknown, violations: Violation[]): AwsError;
}

const allEnforced: Unenforced = () => false;

// A message attribute without a type has an error text of its own, which the operation knows.
const isMessageAttribute = (name: string) => name === 'MessageAttributeValue' || name === 'MessageSystemAttributeValue';

/** How each service answers an input that does not meet its model. */
const MANNERS: Record<ServiceId, Manners> = {
  dynamodb: {
    // Names of attributes may be as long as an item: the item's size is what is checked, and without this no item
    // has to be walked.
    unenforced: (_shape, name) => name === 'AttributeName',
    refuse: refuseDynamo,
  },
  logs: {
    unenforced: allEnforced,
    refuse: (_operation, input, violations) => framework('InvalidParameterException', input, violations),
  },
  cloudwatch: { unenforced: allEnforced, refuse: refuseCloudWatch },
  sns: {
    unenforced: allEnforced,
    refuse: refuseSns,
  },
  sts: {
    unenforced: allEnforced,
    refuse: (_operation, input, violations) => framework('ValidationError', input, violations),
  },
  sqs: {
    // An attribute that there is not is SQS's own InvalidAttributeName, or ignored: the operation decides.
    unenforced: (_shape, name, kind) => kind === 'enum' || isMessageAttribute(name),
    refuse: (_operation, _input, violations) =>
      new AwsError(
        'MissingRequiredParameterException',
        `The request must contain the parameter ${parameterText(violations[0]!.path)}.`,
      ),
  },
  s3: {
    // Lengths and patterns are rules for names and headers, each with its own error code of S3; enums are too, except
    // inside XML, where anything wrong is malformed. The operations know.
    unenforced: (_shape, _name, kind) => kind !== 'required',
    refuse: refuseS3,
  },
};

/** Checks inputs against the model's constraints, before an operation sees them. */
export function validator(model: ServiceModel): Validate {
  const { unenforced, refuse } = MANNERS[model.id];
  const check = constraintChecker(model, unenforced);
  return (operation, input) => {
    if (operation.input === undefined) return;
    const violations = check(operation.input, input);
    if (violations !== undefined) throw refuse(operation, input, violations);
  };
}

const framework = (code: string, input: unknown, violations: Violation[]) =>
  new AwsError(code, validationText(input, violations));

/** Unsubscribe has words of its own for what it misses (recorded from AWS). */
function refuseSns({ name }: OperationModel, input: unknown, violations: Violation[]): AwsError {
  if (name !== 'Unsubscribe') return framework('ValidationError', input, violations);
  const text = 'Invalid parameter: SubscriptionArn Reason: no value for required parameter';
  return new AwsError('InvalidParameterException', text);
}

/** Operations on tables say in words of their own that they need a name (dynalite test/createTable.js and others). */
function refuseDynamo(operation: OperationModel, input: unknown, violations: Violation[]): AwsError {
  const isNameless = violations.some(({ kind, path }) => kind === 'required' && parameterText(path) === 'TableName');
  if (isNameless && NAMED_TABLE_OPERATIONS.has(operation.name)) {
    return new AwsError(
      'ValidationException',
      "The parameter 'TableName' is required but was not present in the request",
    );
  }
  return framework('ValidationException', input, violations);
}

const NAMED_TABLE_OPERATIONS = new Set(['CreateTable', 'DescribeTable', 'UpdateTable', 'DeleteTable']);

/**
 * CloudWatch's metric operations name what is missing as the Query protocol does, an empty string counting as missing
 * (seen in its clients' issue trackers); its alarm operations answer in the framework's text.
 */
function refuseCloudWatch(operation: OperationModel, input: unknown, violations: Violation[]): AwsError {
  const missing = violations.filter(({ kind, value }) => kind === 'required' || value === '');
  if (missing.length === 0 || !METRIC_OPERATIONS.has(operation.name)) {
    return framework('ValidationError', input, violations);
  }
  const text = missing.map(({ path }) => `The parameter ${parameterText(path)} is required.`).join('\n');
  return new AwsError('MissingRequiredParameterException', text);
}

const METRIC_OPERATIONS = new Set(['PutMetricData', 'GetMetricStatistics', 'GetMetricData', 'ListMetrics']);

function refuseS3(_operation: OperationModel, _input: unknown, violations: Violation[]): AwsError {
  const { path } = violations[0]!;
  if (path.length > 1) {
    const text = 'The XML you provided was not well-formed or did not validate against our published schema';
    return new AwsError('MalformedXML', `${text} (${parameterText(path)})`, { status: 400 });
  }
  // What the path does not give is in the body; the one required header beside it, S3 calls a missing parameter.
  const name = parameterText(path);
  if (name === 'ObjectAttributes') {
    return new AwsError('InvalidArgument', 'The x-amz-object-attributes header is missing.', { status: 400 });
  }
  return new AwsError('MissingRequestBodyError', `Request Body is empty (${name})`, { status: 400 });
}
