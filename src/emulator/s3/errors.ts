import { AwsError } from '../core/errors.ts';

/** S3's errors that more than one operation raises (S3 API Reference, Error responses). */
export const invalidArgument = (message: string, name: string, value?: unknown) =>
  new AwsError('InvalidArgument', message, {
    status: 400,
    fields: { ArgumentName: name, ...(value === undefined ? {} : { ArgumentValue: String(value) }) },
  });

export const invalidRequest = (message: string) => new AwsError('InvalidRequest', message, { status: 400 });

export const malformedXml = () =>
  new AwsError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
    { status: 400 },
  );

export const noSuchKey = (key: string) =>
  new AwsError('NoSuchKey', 'The specified key does not exist.', { status: 404, fields: { Key: key } });

export const accessDenied = (message = 'Access Denied') => new AwsError('AccessDenied', message, { status: 403 });

export const preconditionFailed = (condition: string) =>
  new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
    status: 412,
    fields: { Condition: condition },
  });

/** For headers of features that the engine does not have: refused, never ignored. */
export const headerNotImplemented = (header: string, additionalMessage?: string) =>
  new AwsError('NotImplemented', 'A header you provided implies functionality that is not implemented', {
    status: 501,
    fields: { Header: header, ...(additionalMessage === undefined ? {} : { additionalMessage }) },
  });

export const notImplemented = (message: string) => new AwsError('NotImplemented', message, { status: 501 });
