/** A command that turns the embedded engine; each is tried on an engine of its own, since it changes time or state. */
export interface LaboratoryRow {
  line: string;
  /** Keys of the JSON document. */
  keys: readonly string[];
  /** Lines that have to run before it. */
  before?: readonly string[];
}

const SAVED = ['snapshot save one'];

export const LABORATORY_ROWS: Readonly<Record<string, LaboratoryRow>> = {
  'calls list': { line: 'calls', keys: ['first', 'calls'], before: ['provision'] },
  'calls show': { line: 'calls show 1', keys: ['call'], before: ['provision'] },
  'export otlp': { line: 'export otlp /dev/null', keys: ['to', 'calls', 'spans', 'traces'], before: ['provision'] },
  why: { line: 'why inventory-queue', keys: ['kind', 'queue', 'subscriptions', 'missed'], before: ['provision'] },
  blame: { line: 'blame products keyboard', keys: ['table', 'key', 'changes', 'log_begins'], before: ['provision'] },
  'clock show': { line: 'clock show', keys: ['clock'] },
  'clock freeze': { line: 'clock freeze', keys: ['clock'] },
  'clock resume': { line: 'clock resume', keys: ['clock'] },
  'clock advance': { line: 'clock advance 30s', keys: ['clock', 'fired'] },
  'clock next': { line: 'clock next', keys: ['clock', 'fired'], before: ['provision'] },
  'queue peek': { line: 'queue peek inventory-queue', keys: ['messages', 'ready'], before: ['provision'] },
  'queue list': { line: 'queue list', keys: ['queues'], before: ['provision'] },
  'queue send': { line: 'queue send order-queue --body {}', keys: ['queue', 'message_id'], before: ['provision'] },
  'queue purge': { line: 'queue purge order-queue --yes', keys: ['queue', 'purged'], before: ['provision'] },
  'queue hold': { line: 'queue hold order-queue', keys: ['queues'], before: ['provision'] },
  'queue release': { line: 'queue release --all', keys: ['queues'], before: ['provision', 'queue hold order-queue'] },
  'topic list': { line: 'topic list', keys: ['topics'], before: ['provision'] },
  'topic publish': {
    line: 'topic publish order-events --body {}',
    keys: ['topic', 'message_id'],
    before: ['provision'],
  },
  'fault add': { line: 'fault add sqs:DeleteMessageBatch drop 1', keys: ['faults'] },
  'fault list': { line: 'fault list', keys: ['faults'], before: ['fault add sqs reorder'] },
  'fault clear': { line: 'fault clear', keys: ['removed'], before: ['fault add sqs reorder'] },
  'snapshot save': { line: 'snapshot save one', keys: ['snapshot'] },
  'snapshot load': { line: 'snapshot load one', keys: ['loaded'], before: SAVED },
  'snapshot list': { line: 'snapshot list', keys: ['snapshots'], before: SAVED },
  'snapshot diff': { line: 'snapshot diff one', keys: ['totals'], before: SAVED },
  'snapshot delete': { line: 'snapshot delete one', keys: [], before: SAVED },
};
