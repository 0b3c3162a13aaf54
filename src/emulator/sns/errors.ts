import { AwsError } from '../core/errors.ts';

/** `InvalidParameter` with the reason in SNS's form: `Invalid parameter: TopicArn Reason: ...`. */
export const invalidParameter = (reason: string) =>
  new AwsError('InvalidParameterException', `Invalid parameter: ${reason}`);

/** `ParameterValueInvalid`, as SNS answers for message attributes. */
export const invalidValue = (message: string) => new AwsError('InvalidParameterValueException', message);

export const topicNotFound = () => new AwsError('NotFoundException', 'Topic does not exist');

export const subscriptionNotFound = () => new AwsError('NotFoundException', 'Subscription does not exist');
