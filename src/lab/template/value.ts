/** What a template is made of once it is read: JSON, in which functions are objects with one member. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
export type JsonObject = { readonly [name: string]: Json };

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An own member; names as `__proto__` and `constructor` are members like others. */
export const member = <T>(object: { readonly [name: string]: T }, name: string): T | undefined =>
  Object.hasOwn(object, name) ? object[name] : undefined;

export const objectAt = (object: JsonObject, name: string): JsonObject => {
  const value = member(object, name);
  return isObject(value) ? value : {};
};

/** `Resources.Orders.Properties.QueueName`, for messages. */
export const at = (path: string, name: string | number): string => `${path}.${name}`;
