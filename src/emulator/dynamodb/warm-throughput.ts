import { invalidParameters } from './errors.ts';
import type { Table, WarmThroughput } from './state.ts';

export interface ThroughputInput {
  ReadCapacityUnits?: number;
  WriteCapacityUnits?: number;
}

type Units = Required<WarmThroughput>;

const ON_DEMAND: Units = { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4_000 };
const INITIAL =
  'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/' +
  'on-demand-capacity-mode.html#on-demand-capacity-mode-initial';

/** What a table or index that asks for nothing more can serve. */
export function initialThroughput(
  billing: Table['billing'],
  { read, write }: { read: number; write: number },
  warm: WarmThroughput | undefined,
): Units {
  const initial = billing === 'PAY_PER_REQUEST' ? ON_DEMAND : { ReadUnitsPerSecond: read, WriteUnitsPerSecond: write };
  return { ...initial, ...warm };
}

/** `subject` is `table` or `index NAME`. Wording: ack-api-quirks, DDB-TABLE-442. */
export function checkNewWarmThroughput(
  subject: string,
  warm: WarmThroughput | undefined,
  billing: Table['billing'],
  provisioned: ThroughputInput | undefined,
): void {
  if (warm === undefined) return;
  for (const [unit, capacity] of [
    ['ReadUnitsPerSecond', 'ReadCapacityUnits'],
    ['WriteUnitsPerSecond', 'WriteCapacityUnits'],
  ] as const) {
    const onDemand = billing === 'PAY_PER_REQUEST';
    const least = onDemand ? ON_DEMAND[unit] : (provisioned?.[capacity] ?? 0);
    if ((warm[unit] ?? least) >= least) continue;
    throw tooLow(
      unit,
      subject,
      onDemand ? `initial throughput for OnDemand. See: ${INITIAL}` : `${capacity} of ProvisionedThroughput`,
    );
  }
}

export function raisedWarmThroughput(subject: string, current: Units, asked: WarmThroughput): WarmThroughput {
  for (const unit of ['ReadUnitsPerSecond', 'WriteUnitsPerSecond'] as const) {
    if ((asked[unit] ?? current[unit]) < current[unit]) {
      throw tooLow(unit, subject, 'current WarmThroughput, decreasing WarmThroughput is not supported');
    }
  }
  return { ...current, ...asked };
}

function tooLow(unit: string, subject: string, than: string): Error {
  return invalidParameters(`Requested ${unit} for WarmThroughput for ${subject} is lower than ${than}`);
}
