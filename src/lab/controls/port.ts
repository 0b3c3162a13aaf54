/** The engine's clock. */
export interface ClockState {
  now: string;
  now_ms: number;
  frozen: boolean;
  pending_timers: number;
  next: { at: string; in_ms: number; service: string; kind: string } | null;
}

/** What a movement of the clock did. */
export interface ClockMove {
  clock: ClockState;
  fired_count: number;
  fired: { at: string; service: string; kind: string; what: string }[];
}

export interface FaultState {
  id: number;
  rule: string;
  /** Calls left; null without an end. */
  remaining: number | null;
  seen: number;
  struck: number;
}

export interface SnapshotState {
  name: string;
  taken_at: string;
  bytes: number;
}

export interface StateDifference {
  totals: { service: string; kind: string; added: number; removed: number; changed: number }[];
  differences: {
    service: string;
    path: string;
    change: 'added' | 'removed' | 'changed';
    before?: string;
    after?: string;
  }[];
  truncated: boolean;
}

export interface LyingMessage {
  message_id: string;
  state: 'ready' | 'in-flight' | 'delayed';
  held: boolean;
  body: string;
  attributes: { name: string; type: string; value: string }[];
  receive_count: number;
  sent_at: string;
  visible_at: string | null;
}

export interface TopicRoutes {
  name: string;
  arn: string;
  subscriptions: {
    protocol: string;
    endpoint: string;
    queue: string | null;
    pending: boolean;
    filter_policy: string | null;
  }[];
}

/** What the embedded engine alone can do. Every method rejects with `unsupported` on others. */
export interface EngineControls {
  clock(): Promise<ClockState>;
  freeze(): Promise<ClockMove>;
  resume(): Promise<ClockMove>;
  advance(ms: number): Promise<ClockMove>;
  /** To the next timer that does something. */
  next(): Promise<ClockMove>;
  faults(): Promise<FaultState[]>;
  addFault(rule: string): Promise<FaultState>;
  /** One, or all. */
  clearFaults(id?: number): Promise<void>;
  snapshots(): Promise<SnapshotState[]>;
  saveSnapshot(name: string): Promise<void>;
  loadSnapshot(name: string): Promise<void>;
  deleteSnapshot(name: string): Promise<void>;
  /** To another one, or to the present. */
  difference(name: string, other: string | undefined, limit: number): Promise<StateDifference>;
  /** Messages as they lie in a queue; nothing is received. */
  messages(
    queue: string,
    page: { state: LyingMessage['state']; offset: number; limit: number },
  ): Promise<{ messages: LyingMessage[]; next_offset: number | null }>;
  topics(): Promise<TopicRoutes[]>;
  /** Tells the engine where the console is, so that its own pages link there; undefined: nowhere. */
  announce(url: string | undefined): Promise<void>;
}
