/** Attributes of an outgoing message in the form that SQS and SNS share; all of ours are strings. */
export function stringAttributes(
  attributes: Record<string, string> = {},
): Record<string, { DataType: string; StringValue: string }> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
  );
}

/** Names, types and values of attributes count towards the limits of SQS and SNS. */
export function messageBytes({ body, attributes = {} }: { body: string; attributes?: Record<string, string> }): number {
  let bytes = Buffer.byteLength(body);
  for (const [name, value] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + 'String'.length + Buffer.byteLength(value);
  }
  return bytes;
}
