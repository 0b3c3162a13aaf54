/**
 * Makes V8 store an object's properties in fast mode (a hidden class) instead of as a dictionary. The SDK copies a client's
 * settings three times in each call, which takes ten times as long from a dictionary. V8 converts an object when it is first
 * walked as a prototype. Only speed depends on this.
 */
export function makePropertiesFast(settings: object): void {
  for (const _name in Object.create(settings) as object) break;
}
