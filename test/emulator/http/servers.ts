import { serveByNode } from '../../../src/emulator/http/node-server.ts';
import { serve } from '../../../src/emulator/http/server.ts';

/** The engine's own HTTP server, and Node's as what it is compared with; `own` for what only ours does. */
export const SERVERS = [
  { name: 'the own server', serve, own: true },
  { name: 'node:http', serve: serveByNode, own: false },
];
