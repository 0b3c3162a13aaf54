import { createEmulator, type EmulatorOptions } from '../../../src/emulator/index.ts';
import { programsOf } from '../../support/programs.ts';

export const NOON = Date.UTC(2026, 0, 1, 12);

/** An engine with a frozen clock, called over the wire by programs with names, and its call log. */
export function callWorld(options: EmulatorOptions = {}) {
  const emulator = createEmulator({ seed: 1, frozenAt: NOON, ...options });

  const { send, program } = programsOf(emulator);

  const get = async (path: string) =>
    (await send({}, `/_cliffracer/calls${path}`, Buffer.alloc(0), 'GET')) as { status: number; body: any };

  return { emulator, program, get };
}

export type CallWorld = ReturnType<typeof callWorld>;
