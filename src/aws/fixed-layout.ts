/**
 * The SDK copies all settings of a client three times in each call. It puts them together name by name, and so V8 keeps
 * them as a hash table, which is copied ten times slower than an object of a fixed layout; what serves as a prototype gets
 * such a layout when it is first walked. The object stays what it is, and nothing but its speed depends on this.
 */
export function fixLayout(settings: object): void {
  for (const _name in Object.create(settings) as object) break;
}
