/**
 * What is wrong with a template at one place. `unknown` is what cloudformation may know and this program does not, which can
 * be left out; everything else is a mistake in the template or in what it was given.
 */
export class TemplateFault extends Error {
  override readonly name = 'TemplateFault';
  readonly path: string;
  readonly unknown: boolean;

  constructor(path: string, message: string, options: { unknown?: boolean } = {}) {
    super(message);
    this.path = path;
    this.unknown = options.unknown ?? false;
  }
}

/** What was left out of a template, or taken without effect, and why. */
export interface Note {
  path: string;
  message: string;
}

/** Told what is unknown, which is left out then, and what is wrong. */
export type Report = (fault: TemplateFault) => void;

/** The result, or undefined when there is a fault, which is told. */
export function attempt<T>(work: () => T, report: Report): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof TemplateFault)) throw error;
    report(error);
    return undefined;
  }
}
