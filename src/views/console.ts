import type { View } from './context.ts';
import { safe } from './text.ts';

/** Where the console is, and what it shows. */
export interface ConsoleView {
  /** With the key behind `#`. */
  url: string;
  engine: string;
  /** Null on AWS. */
  endpoint: string | null;
  region: string;
  account: string | null;
  /** Whether things may be changed. */
  write: boolean;
}

export const consoleView: View<ConsoleView> = ({ url, engine, endpoint, region, account, write }, { paint }) => {
  const place = endpoint ?? `account ${account}, ${region}`;
  return [
    `console   ${paint.bold(safe(url))}`,
    `shows     ${safe(engine)} at ${safe(place)}${write ? '' : ', only read'}`,
    paint.dim('Ctrl-C ends it.'),
  ].join('\n');
};

export const notOpenedView: View<ConsoleView> = () => 'No browser could be opened: open the address above.';
