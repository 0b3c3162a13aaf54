import { arch } from 'node:os';
import { CliffracerError, type ErrorCode } from '../../errors.ts';
import { type ContainerCli, findContainerCli } from '../docker/cli.ts';
import { labelledContainers, removeContainer } from '../docker/container.ts';
import { inspectImage, refuseRemoteDaemon } from '../docker/daemon.ts';
import { containerFailure } from '../docker/failures.ts';
import { readRecords } from '../home.ts';
import { type Check, type DoctorContext, type Finding, failed, failedBy, passed, skipped } from './finding.ts';

const NAMES = [
  'docker client',
  'docker daemon',
  'docker permission',
  'image',
  'architecture',
  'token',
  'containers',
] as const;
const TIMEOUT_MS = 5_000;

/** Docker is needed only where an engine is wanted that runs in it; else what is missing is no fault. */
const isWanted = ({ engine }: DoctorContext) => engine === 'localstack' || engine === 'floci';

export const checkDocker: Check = async (context) => {
  const cli = findContainerCli(context.env);
  const lacks = isWanted(context) ? failed : skipped;
  if (cli === undefined) {
    const first = lacks(
      NAMES[0],
      'neither docker nor podman is on PATH',
      'install Docker; the embedded engine needs none',
    );
    return [first, ...NAMES.slice(1).map((name) => skipped(name, 'no docker client'))];
  }
  const daemon = await askDaemon(cli, context);
  const findings = [daemon.client, daemon.daemon, daemon.permission].map((each) =>
    each.status === 'failed' && !isWanted(context) && each !== daemon.permission
      ? { ...each, status: 'skipped' as const }
      : each,
  );
  if (daemon.architecture === undefined) {
    return [...findings, ...NAMES.slice(3).map((name) => skipped(name, 'the daemon cannot be asked'))];
  }
  return [...findings, ...(await checkImage(cli, context, daemon.architecture)), await checkContainers(cli, context)];
};

interface Daemon {
  client: Finding;
  daemon: Finding;
  permission: Finding;
  /** Of the daemon's machine; undefined when it could not be asked. */
  architecture?: string;
}

async function askDaemon(cli: ContainerCli, { env }: DoctorContext): Promise<Daemon> {
  const asked = await cli.run(['version', '--format', '{{.Client.Version}}'], { timeoutMs: TIMEOUT_MS });
  const version = /^\d[\w.+~-]*/.exec(asked.stdout.trim())?.[0] ?? '';
  const client = passed(NAMES[0], `${cli.runtime} ${version}`.trim());
  const result = await cli.run(serverQuestion(cli), { timeoutMs: TIMEOUT_MS });
  try {
    refuseRemoteDaemon(env);
    const [server = '', architecture = ''] = result.stdout.trim().split(' ');
    if (result.code !== 0 || server === '') throw containerFailure(cli, 'asking the daemon', result);
    return {
      ...{ client, architecture },
      daemon: passed(NAMES[1], `${server}, ${architecture}`),
      permission: passed(NAMES[2], 'this user may use it'),
    };
  } catch (error) {
    const code: ErrorCode | undefined = error instanceof CliffracerError ? error.code : undefined;
    const unknown = 'the daemon cannot be asked';
    if (code === 'docker_forbidden') {
      return { client, daemon: skipped(NAMES[1], unknown), permission: failedBy(NAMES[2], error) };
    }
    return { client, daemon: failedBy(NAMES[1], error), permission: skipped(NAMES[2], unknown) };
  }
}

/** `docker info` with a format hides the reason where there is no daemon; podman has no server to ask its version of. */
const serverQuestion = ({ runtime }: ContainerCli) =>
  runtime === 'podman'
    ? ['info', '--format', '{{.Version.Version}} {{.Host.Arch}}']
    : ['version', '--format', '{{.Server.Version}} {{.Server.Arch}}'];

/** Names of the same processors: Node's, the kernel's and the images'. */
const PROCESSORS: Readonly<Record<string, string>> = { x64: 'amd64', x86_64: 'amd64', aarch64: 'arm64' };
const processor = (name: string) => PROCESSORS[name] ?? name;

async function checkImage(cli: ContainerCli, context: DoctorContext, daemon: string): Promise<Finding[]> {
  const { image, env } = context;
  const found = await inspectImage(cli, image, TIMEOUT_MS).catch(() => undefined);
  const wanted = processor(daemon || arch());
  if (found === undefined) {
    const remedy = 'cliffracer up --engine localstack, which pulls it';
    return [
      skipped('image', `${image} is not here`, remedy),
      skipped('architecture', 'no image'),
      checkToken(image, env),
    ];
  }
  const fits = found.architecture === '' || processor(found.architecture) === wanted;
  const detail = `the image is for ${found.architecture}, Docker's machine is ${wanted}`;
  return [
    passed('image', `${image} is here`),
    fits
      ? passed('architecture', wanted)
      : failed('architecture', detail, `docker pull --platform linux/${wanted} ${image}`),
    checkToken(image, env),
  ];
}

/** LocalStack's images need an account since calendar versions began, in March 2026. */
function checkToken(image: string, { LOCALSTACK_AUTH_TOKEN: token }: DoctorContext['env']): Finding {
  const current = /^localstack\/localstack(-pro)?(:(latest|stable|20\d\d).*)?$/.test(image);
  if (token) return passed('token', 'LOCALSTACK_AUTH_TOKEN is set');
  if (!current) return passed('token', `${image} needs none`);
  return failed(
    'token',
    `${image} needs LOCALSTACK_AUTH_TOKEN`,
    'export LOCALSTACK_AUTH_TOKEN=..., or --image localstack/localstack:4.14.0',
  );
}

/** Containers with our label that no record knows: an `up` that was killed, or another state directory. */
async function checkContainers(cli: ContainerCli, { home }: DoctorContext): Promise<Finding> {
  const [containers, records] = await Promise.all([labelledContainers(cli), readRecords(home)]);
  const stray = containers.filter(({ instance }) => !records.some((record) => record.instance === instance));
  const stale = stray.filter(({ status }) => !/^up\b/i.test(status));
  if (stray.length === 0) return passed('containers', `${containers.length} of ours, all accounted for`);
  const names = stray.map(({ name, status }) => `${name} (${status})`).join(', ');
  if (stale.length === 0) {
    return skipped(
      'containers',
      `of another state directory: ${names}`,
      `${cli.runtime} rm -f ${stray.map(({ name }) => name).join(' ')}`,
    );
  }
  const fix = async () => {
    for (const { name } of stale) await removeContainer(cli, name);
    return `removed ${stale.map(({ name }) => name).join(', ')}`;
  };
  return failed(
    'containers',
    `left behind: ${names}`,
    `${cli.runtime} rm -f ${stale.map(({ name }) => name).join(' ')}`,
    fix,
  );
}
