/** Wall-clock access of the process, injectable so that tests can turn it. The only wall clock in the emulator. */
export interface HostTime {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `run` once after `ms` real milliseconds; returns a function that cancels it. */
  after(ms: number, run: () => void): () => void;
}

// As they are when this is loaded: a test that fakes the timers and the clock of its process fakes its own program's alone.
const { setTimeout, clearTimeout, setImmediate, performance } = globalThis;
const { now: wallClock } = Date;

// Node clamps longer delays to 1 ms, so a far timer wakes early and is simply armed again.
const LONGEST_DELAY_MS = 2 ** 31 - 1;

export const systemTime: HostTime = {
  now: wallClock,
  after(ms, run) {
    const timer = setTimeout(run, Math.min(Math.max(0, Math.ceil(ms)), LONGEST_DELAY_MS));
    timer.unref?.();
    return () => clearTimeout(timer);
  },
};

/** Which process this is, and which others run: for the lock on a data directory. */
export interface HostProcesses {
  readonly own: number;
  isRunning(pid: number): boolean;
}

export const systemProcesses: HostProcesses = {
  own: process.pid,
  isRunning(pid) {
    try {
      process.kill(pid, 0);
      return true;
    } catch (error) {
      // It runs, though as somebody else's.
      return (error as NodeJS.ErrnoException).code === 'EPERM';
    }
  },
};

/** The event loop of the process. */
export const systemLoop = {
  /** Milliseconds, in fractions, from some moment on. */
  elapsed: () => performance.now(),
  /** Calls `run` in the loop's next turn, which then does not sleep before. */
  nextTurn(run: () => void): void {
    setImmediate(run);
  },
  /** As `systemTime.after`, and keeps the process alive until then. */
  after(ms: number, run: () => void): () => void {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
