import type { View } from './context.ts';
import { table } from './table.ts';
import { safe } from './text.ts';

export interface SettingRow {
  name: string;
  value: string;
  /** A flag, a variable, `FILE:LINE`, or `default`. */
  origin: string;
}

export const settingsView: View<{ settings: readonly SettingRow[]; file: string | undefined }> = (
  { settings, file },
  context,
) => {
  const { paint } = context;
  const rows = table<SettingRow>(
    [
      { title: 'setting', text: ({ name }) => name },
      { title: 'value', text: ({ value }) => value, paint: paint.bold, shrinks: true },
      {
        title: 'from',
        text: ({ origin }) => origin,
        shrinks: 12,
        paint: (text, { origin }) => (origin === 'default' ? paint.dim(text) : text),
      },
    ],
    settings,
    context,
  );
  const project = file === undefined ? 'no project file (cliffracer.config.json)' : `project file ${safe(file)}`;
  return `${rows}\n\n${paint.dim(project)}`;
};
