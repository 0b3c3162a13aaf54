/** Told while much is read or written: how many bytes, of how many where that is known. */
export type OnProgress = (done: number, of: number | undefined) => void;

const STEP_BYTES = 4 * 1024 * 1024;

/** Passes on what lies far enough from what was told last. */
export function inSteps(report: OnProgress): OnProgress {
  let told = 0;
  return (done, of) => {
    if (done - told < STEP_BYTES) return;
    told = done;
    report(done, of);
  };
}
