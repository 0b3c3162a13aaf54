import type { EngineSpec } from '../spec.ts';

export const MOTO: EngineSpec = {
  kind: 'moto',
  container: { image: 'motoserver/moto:latest', port: 5000, settings: () => ({}), passed: [] },
  command: {
    name: 'moto_server',
    args: (port) => ['-H', '127.0.0.1', '-p', String(port)],
    settings: () => ({}),
    pypi: 'moto[server]',
  },
  managers: [],
  prefers: 'command',
  install: "pip install 'moto[server]', or install uv, pipx or Docker",
  patience: 30,
};
