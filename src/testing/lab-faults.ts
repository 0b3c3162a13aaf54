import type { FaultRule } from '../emulator/core/faults.ts';
import { sightingsOf } from '../emulator/faults/sightings.ts';
import { addFault, clearFaults, listFaults } from '../emulator/faults/source.ts';
import type { LabEngine } from './engine.ts';
import { LabError } from './error.ts';
import type { LabFault, LabFaults } from './types/lab.ts';

export function labFaults({ engine }: LabEngine, report: () => string): LabFaults {
  const described = (rule: FaultRule): LabFault => ({
    id: rule.id,
    rule: rule.text,
    get struck() {
      return rule.struck;
    },
  });
  return {
    add(text) {
      try {
        return described(addFault(engine, text));
      } catch (error) {
        throw new LabError(`the fault ${JSON.stringify(text)}: ${(error as Error).message}`, { cause: error });
      }
    },
    list: () => listFaults(engine).map(described),
    clear: () => void clearFaults(engine),
    assertStruck() {
      const idle = listFaults(engine).filter(({ struck }) => struck === 0);
      if (idle.length === 0) return;
      const lines = idle.map((rule) => `  ${rule.text}: ${whyNot(engine, rule)}`);
      throw new LabError(`faults that never struck:\n${lines.join('\n')}\n\n${report()}`);
    },
  };
}

function whyNot(engine: LabEngine['engine'], rule: FaultRule): string {
  const { seen, missed } = sightingsOf(engine, rule);
  if (seen > 0) return `${seen} calls that it could have struck`;
  const others = [...missed].map(([operation, count]) => `${count} × ${operation}`).join(', ');
  return others === '' ? 'no call that it is for' : `no call that it is for, but ${others}`;
}
