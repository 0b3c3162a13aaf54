import { AwsError } from '../core/errors.ts';

/** DynamoDB's table operations are throttled as requests, item operations as throughput. */
const DYNAMODB_CONTROL =
  /^(Create|Update|Delete|Describe|List|Tag|Untag).*(Table|Tables|TimeToLive|Resource|Limits|Backups|Endpoints)$/;

/** The error with which a service throttles (each service's API reference, Common errors). */
export function throttlingError(service: string, operation: string): AwsError {
  switch (service) {
    case 'dynamodb':
      return DYNAMODB_CONTROL.test(operation)
        ? new AwsError('ThrottlingException', 'Rate exceeded', { status: 400 })
        : new AwsError(
            'ProvisionedThroughputExceededException',
            'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.',
          );
    case 's3':
      return new AwsError('SlowDown', 'Please reduce your request rate.', { status: 503 });
    case 'sqs':
      return new AwsError('RequestThrottled', 'Request is throttled.');
    case 'logs':
      return new AwsError('ThrottlingException', 'Rate exceeded');
    default:
      return new AwsError('Throttling', 'Rate exceeded', { status: 400 });
  }
}

/** An error of any code; what the model does not say of it is guessed from the name, as SDKs do. */
export function injectedError(code: string): AwsError {
  const message = `An error injected by a fault rule: ${code}`;
  if (/unavailable|slowdown/i.test(code)) return new AwsError(code, message, { status: 503 });
  if (/internal|failure$|servererror/i.test(code)) return new AwsError(code, message, { status: 500 });
  return new AwsError(code, message);
}
