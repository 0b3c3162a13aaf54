import type { Json, JsonObject } from './value.ts';

/** A resource as the template declares it; functions in its properties are not worked out yet. */
export interface Declared {
  id: string;
  type: string;
  /** Where its properties stand in the file. */
  path: string;
  properties: JsonObject;
  condition?: string;
  dependsOn: readonly string[];
  metadata: Json;
}
