import { CliffracerError } from '../errors.ts';
import type { EngineKind } from './kinds.ts';
import { ENGINE_NAMES } from './kinds.ts';

interface KnownFault {
  engine: EngineKind;
  /** The first version without it. */
  fixedIn: string;
  fault: string;
  hint: string;
}

/** Faults of old versions that the program cannot work around, from the engines' own release notes. */
const KNOWN: readonly KnownFault[] = [
  {
    ...{ engine: 'localstack', fixedIn: '4.9.0' },
    fault: "it does not know CloudWatch's JSON protocol, which the AWS SDK speaks",
    hint: 'cliffracer down, then cliffracer up --engine localstack --image localstack/localstack:4.14.0',
  },
  {
    ...{ engine: 'ministack', fixedIn: '1.5.0' },
    fault: 'it cannot read CloudWatch metrics over JSON, and loses compressed ones',
    hint: 'pip install --upgrade ministack',
  },
];

export function knownFault(engine: EngineKind, version: string | undefined): KnownFault | undefined {
  return KNOWN.find((each) => each.engine === engine && version !== undefined && isOlder(version, each.fixedIn));
}

/** By numbers, so that 4.10 is newer than 4.9, and calendar versions are newer than all of them. */
function isOlder(version: string, than: string): boolean {
  const parts = (text: string) => text.split(/[.-]/).map((part) => Number.parseInt(part, 10));
  const [ours, theirs] = [parts(version), parts(than)];
  if (Number.isNaN(ours[0])) return false;
  const at = theirs.findIndex((part, index) => (ours[index] ?? 0) !== part);
  return at !== -1 && (ours[at] ?? 0) < theirs[at]!;
}

export function refuseOutdated(engine: EngineKind, version: string | undefined): void {
  const known = knownFault(engine, version);
  if (known === undefined) return;
  const { fault, hint, fixedIn } = known;
  const message = `${ENGINE_NAMES[engine]} ${version} is too old: ${fault}; fixed in ${fixedIn}`;
  throw new CliffracerError('engine_outdated', message, { hint });
}
