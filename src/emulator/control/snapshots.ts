import type { Engine, EngineState } from '../core/engine.ts';
import { isSnapshotName, type SnapshotInfo, type Snapshots } from '../persistence/snapshots.ts';
import { diffStates } from './diff.ts';
import { badRequest, type ControlRequest, type ControlRoutes, isoTime, notFound, wholeNumber } from './routing.ts';

const MOST_DIFFERENCES = 10_000;

/** `/_cliffracer/snapshots`: named states of the engine, and what differs between them. */
export function snapshotRoutes(engine: Engine, snapshots: Snapshots): ControlRoutes {
  const stateOf = (name: string): EngineState => {
    const state = snapshots.state(checked(name));
    if (state === undefined) throw noSuchSnapshot(name);
    return state;
  };
  return {
    'GET /': () => ({ snapshots: snapshots.list().map(describe) }),
    'POST /{name}': ({ params }) => {
      const name = checked(params.name!);
      const saved = snapshots.save(name);
      if (saved === undefined) throw badRequest(`${name} is a file of somebody else in the directory of snapshots`);
      return { snapshot: describe(saved) };
    },
    'POST /{name}/load': ({ params, body: { seed } }) => {
      const name = checked(params.name!);
      if (seed !== undefined && !Number.isSafeInteger(seed)) throw badRequest('seed must be a whole number');
      if (!snapshots.load(name, seed as number | undefined)) throw noSuchSnapshot(name);
      return { loaded: name };
    },
    'DELETE /{name}': ({ params }) => {
      const name = checked(params.name!);
      if (!snapshots.delete(name)) throw noSuchSnapshot(name);
      return { deleted: name };
    },
    'GET /{name}/diff': ({ params, query }: ControlRequest) => {
      const limit = wholeNumber(query, 'limit', 100, MOST_DIFFERENCES);
      const other = query.get('with');
      const before = stateOf(params.name!);
      if (other === null) engine.settle();
      const after = other === null ? engine.state : stateOf(other);
      return { from: params.name, to: other, ...diffStates(before, after, limit) };
    },
  };
}

/** `/_cliffracer/reset`: an empty world at once. */
export function resetRoutes(snapshots: Snapshots): ControlRoutes {
  return {
    'POST /': () => {
      snapshots.reset();
      return { reset: true };
    },
  };
}

function checked(name: string): string {
  if (isSnapshotName(name)) return name;
  throw badRequest('the name of a snapshot is 1 to 64 letters, digits, dots, hyphens and underscores');
}

const noSuchSnapshot = (name: string) => notFound(`no such snapshot: ${name}`);

const describe = ({ name, at, bytes }: SnapshotInfo) => ({ name, taken_at: isoTime(at), taken_at_ms: at, bytes });
