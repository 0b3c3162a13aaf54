import { AwsError } from '../core/errors.ts';
import type { ServiceModel } from '../models/model.ts';
import { type PostedForm, readForm } from './form-data.ts';
import { accountOf, type CallerScope, scopeOf } from './scope.ts';
import type { EmulatorRequest } from './wire.ts';
import { parseXml } from './xml-parse.ts';
import { xmlReader } from './xml-read.ts';

/** The form of a POST to a bucket, or the refusal of what is none. */
export function formOf({ headers, body }: EmulatorRequest): PostedForm {
  const contentType = headers['content-type'] ?? '';
  if (/^multipart\/form-data\s*(;|$)/i.test(contentType)) return readForm(contentType, body);
  throw new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
    status: 412,
    fields: { Condition: 'Bucket POST must be of the enclosure-type multipart/form-data' },
  });
}

/** Whose key signed the policy of a form: the field of version 4, else that of version 2. */
export function formScope({ fields }: PostedForm): CallerScope | undefined {
  const fieldOf = (wanted: string) => fields.find(({ name }) => name.toLowerCase() === wanted)?.value;
  const credential = fieldOf('x-amz-credential');
  if (credential !== undefined) return scopeOf(credential);
  const key = fieldOf('awsaccesskeyid');
  return key === undefined ? undefined : { account: accountOf(key), region: 'us-east-1', signedFor: 's3', key };
}

/** The fields as headers, as far as they are some: `acl` and `tagging` have other names there. */
export function formHeaders(model: ServiceModel): (form: PostedForm) => Record<string, string> {
  const readXml = xmlReader(model);
  return ({ fields }) => {
    const headers: Record<string, string> = Object.create(null);
    for (const { name, value } of fields) {
      const lower = name.toLowerCase();
      if (lower === 'acl') headers['x-amz-acl'] = value;
      else if (lower === 'tagging') headers['x-amz-tagging'] = tagsOf(readXml('Tagging', parseXml(value)));
      else headers[lower] = value;
    }
    return headers;
  };
}

function tagsOf(tagging: unknown): string {
  const { TagSet = [] } = tagging as { TagSet?: { Key?: string; Value?: string }[] };
  return new URLSearchParams(TagSet.map(({ Key = '', Value = '' }): [string, string] => [Key, Value])).toString();
}

/** The key, in which `${filename}` stands for the name of the file that the user chose. */
export function formKey({ fields, file }: PostedForm): string {
  const key = fields.find(({ name }) => name.toLowerCase() === 'key')?.value;
  if (key === undefined || key === '') throw missingField('key');
  const { filename } = file;
  // A browser that says the whole path means its last part.
  return filename === undefined ? key : key.replace(/\$\{filename\}/g, () => filename.replace(/^.*[\\/]/, ''));
}

const missingField = (name: string) =>
  new AwsError(
    'InvalidArgument',
    `Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.`,
    { status: 400, fields: { ArgumentName: name, ArgumentValue: '' } },
  );
