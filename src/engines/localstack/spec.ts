import { join } from 'node:path';
import type { EngineSpec, Manager } from '../spec.ts';

/** The last image that starts without an account; `latest` needs LOCALSTACK_AUTH_TOKEN since March 2026. */
export const LOCALSTACK_IMAGE = 'localstack/localstack:4.14.0';

/** LocalStack's older command; it names the container by variable and publishes what GATEWAY_LISTEN says. */
const LOCALSTACK_CLI: Manager = {
  command: 'localstack',
  plan: ({ name, port, image, directory }) => ({
    start: ['start', '--detached', '--no-banner'],
    settings: {
      MAIN_CONTAINER_NAME: name,
      IMAGE_NAME: image,
      GATEWAY_LISTEN: `127.0.0.1:${port}`,
      LOCALSTACK_VOLUME_DIR: directory,
      // A range of ports for services that are not used here; it cannot be empty.
      EXTERNAL_SERVICE_PORTS_START: String(port),
      EXTERNAL_SERVICE_PORTS_END: String(port),
      DISABLE_EVENTS: '1',
    },
    ref: { command: 'localstack', stop: ['stop'], logs: ['logs'] },
  }),
};

/** LocalStack's current command; its container is described by a file (lstk, Configuration). */
const LSTK: Manager = {
  command: 'lstk',
  plan: ({ name, port, image, directory }) => {
    const file = join(directory, 'lstk.toml');
    const lines = [
      '[[containers]]',
      'type = "aws"',
      `port = "${port}"`,
      `container_name = "${name}"`,
      `image = "${image}"`,
    ];
    return {
      start: ['--config', file, 'start', '--non-interactive'],
      settings: { MAIN_CONTAINER_NAME: name },
      ref: {
        command: 'lstk',
        stop: ['--config', file, 'stop', '--non-interactive'],
        logs: ['--config', file, 'logs', '--non-interactive'],
      },
      file: [file, `${lines.join('\n')}\n`],
    };
  },
};

export const LOCALSTACK: EngineSpec = {
  kind: 'localstack',
  container: {
    image: LOCALSTACK_IMAGE,
    port: 4566,
    // Queue URLs and the like carry the port that clients see, not the one inside.
    settings: (port) => ({ DISABLE_EVENTS: '1', LOCALSTACK_HOST: `localhost.localstack.cloud:${port}` }),
    passed: ['LOCALSTACK_AUTH_TOKEN', 'LOCALSTACK_API_KEY', 'SERVICES', 'EAGER_SERVICE_LOADING', 'PERSISTENCE'],
  },
  command: {
    name: 'localstack-supervisor',
    args: () => [],
    settings: (port, directory) => ({
      GATEWAY_LISTEN: `127.0.0.1:${port}`,
      // Its other server listens on every address, whatever GATEWAY_LISTEN says.
      GATEWAY_SERVER: 'hypercorn',
      LOCALSTACK_HOST: `localhost.localstack.cloud:${port}`,
      FILESYSTEM_ROOT: directory,
      // No server for names on port 53, no download of a certificate, no report of use.
      ...{ DNS_ADDRESS: '0', SKIP_SSL_CERT_DOWNLOAD: '1', DISABLE_EVENTS: '1', OVERRIDE_IN_DOCKER: '0' },
    }),
  },
  managers: [LSTK, LOCALSTACK_CLI],
  prefers: 'container',
  install: "install Docker, or pip install 'localstack-core[runtime]==4.14.0'",
  patience: 60,
};
