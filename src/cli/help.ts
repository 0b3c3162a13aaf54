import { type HelpPart, helpText } from '../views/help.ts';
import { joinProse, reflow } from '../views/reflow.ts';
import { type OutputStream, widthOf } from './io.ts';

const PIPE_WIDTH = 100;
const WIDEST = 120;

/** Columns that a page of help is laid out for. */
export const helpWidth = ({ isTTY, columns }: OutputStream): number =>
  isTTY ? Math.min(columns ?? PIPE_WIDTH, WIDEST) : PIPE_WIDTH;

export function writeHelp(stream: OutputStream, part: HelpPart): void {
  const width = widthOf(stream);
  const text = typeof part === 'string' ? part : helpText(part, helpWidth(stream));
  stream.write(reflow(joinProse(text, width), width));
}
