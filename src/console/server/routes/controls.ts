import { type ConsoleDeps, onLaboratory, type Routes, reads, writes } from '../deps.ts';

const MOST_DIFFERENCES = 500;
const LONGEST_ADVANCE_MS = 366 * 86_400_000;

/** `clock`, `faults` and `snapshots`. */
export const controlRoutes = ({ controls }: ConsoleDeps): Routes =>
  onLaboratory({
    clock: reads(() => controls.clock()),
    'clock/freeze': writes(() => controls.freeze()),
    'clock/resume': writes(() => controls.resume()),
    'clock/next': writes(() => controls.next()),
    'clock/advance': writes((input) => controls.advance(input.count('ms', LONGEST_ADVANCE_MS))),
    faults: reads(async () => ({ faults: await controls.faults() })),
    'faults/add': writes((input) => controls.addFault(input.text('rule'))),
    'faults/clear': writes(async (input) => {
      await controls.clearFaults(input.maybeCount('id', Number.MAX_SAFE_INTEGER));
      return {};
    }),
    snapshots: reads(async () => ({ snapshots: await controls.snapshots() })),
    'snapshots/difference': reads((input) =>
      controls.difference(input.text('name'), input.maybeText('other') || undefined, MOST_DIFFERENCES),
    ),
    'snapshots/save': writes(async (input) => {
      await controls.saveSnapshot(input.text('name'));
      return {};
    }),
    'snapshots/load': writes(async (input) => {
      await controls.loadSnapshot(input.text('name'));
      return {};
    }),
    'snapshots/delete': writes(async (input) => {
      await controls.deleteSnapshot(input.text('name'));
      return {};
    }),
  });
