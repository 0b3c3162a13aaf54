import { FLOCI } from './floci/spec.ts';
import { LOCALSTACK } from './localstack/spec.ts';
import { MINISTACK } from './ministack/spec.ts';
import { MOTO } from './moto/spec.ts';
import type { EngineSpec } from './spec.ts';

const SPECS: Readonly<Record<EngineSpec['kind'], EngineSpec>> = {
  localstack: LOCALSTACK,
  ministack: MINISTACK,
  floci: FLOCI,
  moto: MOTO,
};

export const specOf = (kind: EngineSpec['kind']): EngineSpec => SPECS[kind];
