import type { FunctionComponent } from 'preact';
import { ChecksArea } from './checks.ts';
import { ControlsArea } from './controls.ts';
import { FlowArea } from './flow.ts';
import { LogsArea } from './logs.ts';
import { MapArea } from './map.ts';
import { MetricsArea } from './metrics.ts';
import { QueuesArea } from './queues.ts';
import { S3Area } from './s3.ts';
import { TablesArea } from './tables.ts';

export interface Area {
  /** In the address. */
  id: string;
  name: string;
  View: FunctionComponent;
}

/** In the order of the digits that lead to them. */
export const AREAS: readonly Area[] = [
  { id: 'map', name: 'Map', View: MapArea as FunctionComponent },
  { id: 'flow', name: 'Flow', View: FlowArea as FunctionComponent },
  { id: 'queues', name: 'Queues', View: QueuesArea as FunctionComponent },
  { id: 'tables', name: 'Tables', View: TablesArea as FunctionComponent },
  { id: 's3', name: 'S3', View: S3Area as FunctionComponent },
  { id: 'metrics', name: 'Metrics', View: MetricsArea as FunctionComponent },
  { id: 'logs', name: 'Logs', View: LogsArea as FunctionComponent },
  { id: 'controls', name: 'Clock, faults', View: ControlsArea as FunctionComponent },
  { id: 'checks', name: 'Checks', View: ChecksArea as FunctionComponent },
];

export const areaOf = (id: string): Area => AREAS.find((area) => area.id === id) ?? AREAS[0]!;
