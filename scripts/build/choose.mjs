import { posix } from 'node:path';

/**
 * What makes a chunk worth a place in program.js: it costs every command the time to read over it (40 KB in a millisecond), and
 * saves each of the 60 commands that needs it the opening of a file (a third of one); not all that import it come to need it.
 */
const BYTES_FOR_EACH_USER = 150;
/** What nearly every command line needs, in parts that are loaded by themselves: where the engine is, too. */
const ALWAYS = /^src\/(main|program|engines\/(aws|endpoint|service-endpoints))\.ts$/;
/** What every connection needs: the ports, and calls to the embedded engine, which go without the SDK. */
const PORTS =
  /^src\/(aws\/(call|clients|ports|engine-call|engine-wire|tables|queues|topic|bucket|logs|metrics)|engines\/(http|server-clock)|shop\/stack\/names)\.ts$/;
/** What makes and changes resources. */
const ADMIN = /^src\/(aws\/admin\/|shop\/stack\/desired\.ts$|topology\/apply\.ts$)/;
/** Of what not every call needs, only this small has a place in a file with others. */
const SMALL = 4_000;

/** The files that hold many chunks, and which. */
export function chosen({ outputs }) {
  const graph = new Graph(outputs);
  const entry = graph.union(/^src\/entry\.ts$/);
  const always = graph.union(ALWAYS);
  const commands = graph.entries(/^src\/commands\//);
  const users = graph.users(commands);
  const isShared = (name) => users.get(name) > 1 && graph.bytes(name) <= users.get(name) * BYTES_FOR_EACH_USER;
  const program = new Set([...always, ...[...users.keys()].filter(isShared)].filter((name) => !entry.has(name)));

  const clients = graph.entries(/^src\/aws\/clients\//);
  const needed = graph.users(clients);
  const isCore = (name) => needed.get(name) === clients.length;
  const isSmall = (name) => graph.bytes(name) <= SMALL;
  const isPlaced = (name) => entry.has(name) || program.has(name);
  const sdk = new Set([...needed.keys()].filter((name) => !isPlaced(name) && (isCore(name) || isSmall(name))));
  const ports = new Set([...graph.union(PORTS)].filter((name) => !isPlaced(name) && !needed.has(name)));
  const isElsewhere = (name) => isPlaced(name) || ports.has(name) || needed.has(name);
  const admin = new Set([...graph.union(ADMIN)].filter((name) => !isElsewhere(name)));
  return [
    { file: 'main.js', members: entry, last: 'Object.assign(exports,load("main.js"));' },
    { file: 'program.js', members: program },
    { file: 'ports.js', members: ports },
    { file: 'admin.js', members: admin },
    { file: 'aws.js', members: sdk },
  ];
}

/** The chunks of esbuild's metafile, and which loads which. */
class Graph {
  #chunks;

  constructor(outputs) {
    this.#chunks = new Map(Object.entries(outputs).map(([path, output]) => [posix.relative('dist', path), output]));
  }

  bytes(name) {
    return this.#chunks.get(name).bytes;
  }

  /** Chunks that begin a part that is loaded by itself, by the path of its source. */
  entries(pattern) {
    const names = [...this.#chunks].filter(([, { entryPoint = '' }]) => pattern.test(entryPoint)).map(([name]) => name);
    if (names.length === 0) throw new Error(`no part that is loaded by itself has a source like ${pattern}`);
    return names;
  }

  /** A chunk, and all that is loaded with it. */
  closure(name, seen = new Set()) {
    if (seen.has(name) || !this.#chunks.has(name)) return seen;
    seen.add(name);
    for (const { path, kind } of this.#chunks.get(name).imports) {
      if (kind === 'import-statement') this.closure(posix.relative('dist', path), seen);
    }
    return seen;
  }

  union(pattern) {
    return new Set(this.entries(pattern).flatMap((name) => [...this.closure(name)]));
  }

  /** How many of these entries load each chunk. */
  users(entries) {
    const counts = new Map();
    for (const name of entries.flatMap((entry) => [...this.closure(entry)]))
      counts.set(name, (counts.get(name) ?? 0) + 1);
    return counts;
  }
}
