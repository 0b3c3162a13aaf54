import { openMessage } from './envelope.ts';
import { texts, valuesAt } from './values.ts';

/** A message as conditions on it are asked. */
export interface ConditionedMessage {
  body: string;
  /** Value of a message attribute that is a text. */
  attribute(name: string): string | undefined;
}

/**
 * The values of a field of a message: an attribute as `attributes.NAME`, else a field of the JSON body, inside of SNS's
 * envelope too, else an attribute.
 */
export function messageValues({ body, attribute }: ConditionedMessage, field: string): string[] | undefined {
  if (field.startsWith('attributes.')) return texts(attribute(field.slice('attributes.'.length)));
  const opened = openMessage({ body, attributes: {}, sentAt: 0 });
  return valuesAt('problem' in opened ? undefined : opened.fields, field.split('.')) ?? texts(attribute(field));
}
