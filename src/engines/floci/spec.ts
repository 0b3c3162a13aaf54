import type { EngineSpec, Manager } from '../spec.ts';

/** Floci's own command, which starts its container (floci-cli, `floci start`). */
const FLOCI_CLI: Manager = {
  command: 'floci',
  plan: ({ name, port }) => ({
    start: ['start', '--detach', '--port', String(port), '--container', name],
    settings: {},
    ref: {
      command: 'floci',
      stop: ['stop', '--remove', '--container', name],
      logs: ['logs', '--container', name],
    },
  }),
};

export const FLOCI: EngineSpec = {
  kind: 'floci',
  container: {
    image: 'floci/floci:latest',
    port: 4566,
    // Addresses in its answers carry the port that clients see.
    settings: (port) => ({ FLOCI_BASE_URL: `http://localhost:${port}` }),
    passed: [],
  },
  managers: [FLOCI_CLI],
  prefers: 'container',
  install: "install Docker, or Floci's own command",
  patience: 30,
};
