import { CliffracerError, type ErrorCode } from '../../errors.ts';
import { FREE_PORT } from '../ports.ts';
import type { CliResult, ContainerCli } from './cli.ts';

interface Failure {
  /** As Docker, Docker Desktop and podman word it on stderr. */
  says: RegExp;
  code: ErrorCode;
  cause: string;
  hint: string;
  retryable?: boolean;
}

/** In the order in which they count: the special before the general. */
const FAILURES: readonly Failure[] = [
  {
    says: /permission denied while trying to connect|dial unix .*: connect: permission denied/i,
    ...{ code: 'docker_forbidden', cause: 'this user may not use Docker' },
    hint: 'sudo usermod -aG docker "$USER", then log in again',
  },
  {
    says: /context "?[^"\n]*"?:? (not found|does not exist)|context not found|unable to parse docker host|invalid (bind address|proto)|no such context/i,
    ...{ code: 'docker_context', cause: 'the Docker context, or DOCKER_HOST, names no daemon' },
    hint: 'docker context use default, and unset DOCKER_HOST',
  },
  {
    says: /(client|server) (version|API version).*(too old|too new|is newer)|minimum supported API version|maximum supported API version/i,
    ...{ code: 'docker_outdated', cause: 'the docker command and its daemon are too far apart in age' },
    hint: 'update Docker, or set DOCKER_API_VERSION to what the daemon speaks',
  },
  {
    says: /cannot connect to the docker daemon|is the docker daemon running|error during connect|cannot connect to podman|dial unix .*: connect: (no such file|connection refused)/i,
    ...{ code: 'docker_stopped', cause: 'Docker is installed, and its daemon does not run', retryable: true },
    hint: 'start it: sudo systemctl start docker, or Docker Desktop',
  },
  {
    says: /toomanyrequests|rate limit/i,
    ...{ code: 'image_rate_limited', cause: 'the registry serves no more pulls for now', retryable: true },
    hint: 'docker login, or wait an hour; cliffracer up --engine embedded needs no image',
  },
  {
    says: /no matching manifest|does not match the (specified|detected host) platform|exec format error/i,
    ...{ code: 'image_architecture', cause: 'the image is not made for this processor' },
    hint: 'give another image with --image; cliffracer up --engine embedded needs none',
  },
  {
    says: /pull access denied|repository does not exist|authentication required|unauthorized|requested access .* is denied/i,
    ...{ code: 'image_denied', cause: 'the registry refuses the image: it does not exist, or needs a login' },
    hint: 'check the name after --image, or docker login',
  },
  {
    says: /manifest unknown|manifest for .* not found|no such image|name unknown|repository name not known/i,
    ...{ code: 'image_not_found', cause: 'there is no such image' },
    hint: 'check name and tag after --image',
  },
  {
    says: /proxyconnect|proxy authentication required|bad gateway.*proxy/i,
    ...{ code: 'image_proxy', cause: "Docker's proxy does not let the pull through" },
    hint: "fix the proxy in Docker's own settings (daemon.json, or Docker Desktop)",
  },
  {
    says: /no such host|dial tcp .*connection refused|i\/o timeout|TLS handshake timeout|network is unreachable|temporary failure in name resolution|failed to do request|client\.timeout exceeded|connection reset by peer|server misbehaving/i,
    ...{ code: 'image_offline', cause: 'the image registry cannot be reached', retryable: true },
    hint: 'check the network; cliffracer up --engine embedded needs none',
  },
  {
    says: /no space left on device/i,
    ...{ code: 'disk_full', cause: "Docker's disk is full" },
    hint: 'docker system prune',
  },
  {
    says: /port is already allocated|ports are not available|address already in use|bind: .*in use/i,
    ...{ code: 'port_taken', cause: 'the port is taken' },
    hint: FREE_PORT,
  },
  {
    says: /is already in use by container|name .* is already in use/i,
    ...{ code: 'name_taken', cause: "a container that is not cliffracer's has the name" },
    hint: 'docker ps -a shows it; rename or remove it, or choose another --port',
  },
];

/** What a failed container command means, in one line of ours and the last of its own. */
export function containerFailure(cli: ContainerCli, doing: string, result: CliResult): CliffracerError {
  if (result.timedOut) {
    return new CliffracerError('docker_failed', `${cli.runtime} hangs: ${doing} did not end in time`, {
      hint: 'restart Docker; cliffracer up --engine embedded does without',
      retryable: true,
    });
  }
  const said = `${result.stderr}\n${result.stdout}`;
  const known = FAILURES.find(({ says }) => says.test(said));
  const own = lastWords(said);
  if (known === undefined) {
    return new CliffracerError('docker_failed', `${doing} failed: ${own}`, { hint: `${cli.runtime} info` });
  }
  const { code, cause, hint, retryable = false } = known;
  return new CliffracerError(code, `${doing} failed: ${cause} (${own})`, { hint, retryable });
}

const LONGEST = 240;

/** The line that tells most: Docker's own, without its advice to read the help. */
function lastWords(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(see '?docker|run '?docker|unable to find image|[0-9a-f]{64}$)/i.test(line));
  const line = lines.find((each) => /error|denied|cannot|failed|unknown/i.test(each)) ?? lines.at(-1) ?? 'no message';
  const bare = line.replace(/^(docker: |Error: |error: )*/i, '').replace(/^Error response from daemon: /i, '');
  return bare.length > LONGEST ? `${bare.slice(0, LONGEST)}...` : bare;
}
