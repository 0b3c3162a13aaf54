import type { EngineSpec } from '../spec.ts';

export const MINISTACK: EngineSpec = {
  kind: 'ministack',
  container: {
    image: 'ministackorg/ministack:latest',
    port: 4566,
    settings: () => ({ IOT_MTLS_ENABLED: '0' }),
    passed: [],
  },
  command: {
    name: 'ministack',
    args: () => [],
    // It listens on every address, and on port 8883 too, unless told otherwise.
    settings: (port) => ({ GATEWAY_PORT: String(port), BIND_HOST: '127.0.0.1', IOT_MTLS_ENABLED: '0' }),
    pypi: 'ministack',
  },
  managers: [],
  prefers: 'command',
  install: 'pip install ministack, or install uv, pipx or Docker',
  patience: 30,
};
