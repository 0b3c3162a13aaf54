import { WentBack } from '../cli/prompt.ts';

/** Asks one thing; resolves with false where there was nothing to ask. */
export type Step = () => Promise<boolean>;

/** Asks one thing after the other. Esc leads back to what was asked before; at the first of them it rejects. */
export async function inSteps(steps: readonly Step[]): Promise<void> {
  const asked: number[] = [];
  for (let at = 0; at < steps.length; at++) {
    try {
      if (await steps[at]!()) asked.push(at);
    } catch (error) {
      const before = error instanceof WentBack ? asked.pop() : undefined;
      if (before === undefined) throw error;
      at = before - 1;
    }
  }
}
