import type { Environment } from '../environment.ts';
import type { ManagerRef } from './home.ts';
import type { EngineKind } from './kinds.ts';

/** An engine that is not ours to write: how to have it run on this machine. */
export interface EngineSpec {
  kind: Exclude<EngineKind, 'embedded'>;
  container: {
    /** Used when no other is given. */
    image: string;
    /** What it listens on inside. */
    port: number;
    settings(port: number): Readonly<Record<string, string>>;
    /** Names of variables that are passed on from the user's own environment when they are set. */
    passed: readonly string[];
  };
  /** The engine's own server, where it can run without a container. */
  command?: {
    name: string;
    args(port: number): readonly string[];
    settings(port: number, directory: string): Readonly<Record<string, string>>;
    /** The package on PyPI that brings the command, for uvx and pipx. */
    pypi?: string;
  };
  /** Commands of the engine's maker that start a container by themselves, for machines that have only those. */
  managers: readonly Manager[];
  /** What is tried first when both are there. */
  prefers: 'container' | 'command';
  /** How to get it, for a machine that has none of all this. */
  install: string;
  /** Seconds that a start may take, the pull of an image left out. */
  patience: number;
}

export interface Manager {
  command: string;
  /** Everything that tells this run of the engine from others, by a name that nobody else uses. */
  plan(run: ManagedRun): {
    start: string[];
    settings: Record<string, string>;
    ref: Omit<ManagerRef, 'settings'>;
    /** A configuration file to write first: its path and its text. */
    file?: [string, string];
  };
}

export interface ManagedRun {
  name: string;
  port: number;
  image: string;
  /** Where a configuration file of ours may be written. */
  directory: string;
}

/**
 * The environment that an engine runs in. Without the user's AWS settings: engines use AWS's SDK inside, and would call
 * the endpoint that a variable names, which may be themselves or AWS.
 */
export function engineEnvironment(env: Environment, settings: Readonly<Record<string, string>>): Environment {
  const own = Object.entries(env).filter(([name]) => !/^AWS_(?!CA_BUNDLE$)/.test(name));
  return { ...Object.fromEntries(own), ...settings };
}
