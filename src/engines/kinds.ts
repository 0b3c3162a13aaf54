/** The engines that `up` can start. */
export const ENGINE_KINDS = ['embedded', 'localstack', 'ministack', 'floci', 'moto'] as const;
export type EngineKind = (typeof ENGINE_KINDS)[number];

export const ENGINE_CHOICES = ['auto', ...ENGINE_KINDS] as const;
export type EngineChoice = (typeof ENGINE_CHOICES)[number];

/** As people write them. */
export const ENGINE_NAMES: Readonly<Record<EngineKind, string>> = {
  embedded: 'the embedded engine',
  localstack: 'LocalStack',
  ministack: 'MiniStack',
  floci: 'Floci',
  moto: 'moto',
};
