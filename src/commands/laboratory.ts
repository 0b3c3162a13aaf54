import { CONSUMERS, type Entry, entry, type Group, LAB, SHOP } from './entry.ts';

/** Commands that only the embedded engine can carry out. */
export const LABORATORY: readonly Entry[] = [
  {
    ...entry(LAB, 'clock show', "the engine's clock, and what is due next", (app) =>
      import('./clock/show.ts').then((module) => module.clockShowCommand(app)),
    ),
    isDefault: true,
  },
  entry(LAB, 'clock freeze', 'stop the clock', (app) =>
    import('./clock/freeze.ts').then((module) => module.clockFreezeCommand(app)),
  ),
  entry(LAB, 'clock resume', 'let the clock run on from where it stands', (app) =>
    import('./clock/resume.ts').then((module) => module.clockResumeCommand(app)),
  ),
  entry(LAB, 'clock advance', 'move the clock ahead, and say what fired', (app) =>
    import('./clock/advance.ts').then((module) => module.clockAdvanceCommand(app)),
  ),
  entry(LAB, 'clock next', 'move the clock to the next timer, and say what fired', (app) =>
    import('./clock/next.ts').then((module) => module.clockNextCommand(app)),
  ),
  entry(LAB, 'queue list', 'every queue: depths, the oldest message, dead letters, consumers, what is held', (app) =>
    import('./queue/list.ts').then((module) => module.queueListCommand(app)),
  ),
  entry(LAB, 'queue peek', 'show the messages of a queue without receiving them', (app) =>
    import('./queue/peek.ts').then((module) => module.queuePeekCommand(app)),
  ),
  entry(LAB, 'queue send', 'send a message to any queue', (app) =>
    import('./queue/send.ts').then((module) => module.queueSendCommand(app)),
  ),
  entry(LAB, 'queue purge', 'delete the messages of any queue', (app) =>
    import('./queue/purge.ts').then((module) => module.queuePurgeCommand(app)),
  ),
  entry(LAB, 'queue hold', 'give the consumers of a queue nothing but what is released', (app) =>
    import('./queue/hold.ts').then((module) => module.queueHoldCommand(app)),
  ),
  entry(LAB, 'queue release', 'release messages of a held queue; --all ends the hold', (app) =>
    import('./queue/release.ts').then((module) => module.queueReleaseCommand(app)),
  ),
  entry(LAB, 'topic list', 'every topic, with what subscribes to it', (app) =>
    import('./topic/list.ts').then((module) => module.topicListCommand(app)),
  ),
  entry(LAB, 'topic publish', 'publish a message on any topic', (app) =>
    import('./topic/publish.ts').then((module) => module.topicPublishCommand(app)),
  ),
  entry(CONSUMERS, 'step', 'give one message to its consumer, and show what it changed', (app) =>
    import('./step.ts').then((module) => module.stepCommand(app)),
  ),
  entry(CONSUMERS, 'debug', 'stop at every message of any consumer: handle, repeat, break, undo', (app) =>
    import('./debug.ts').then((module) => module.debugCommand(app)),
  ),
  entry(CONSUMERS, 'replay', 'send a message of the call log again, as a copy', (app) =>
    import('./replay.ts').then((module) => module.replayCommand(app)),
  ),
  entry(LAB, 'fault add', 'make calls fail, wait, vanish or come twice', (app) =>
    import('./fault/add.ts').then((module) => module.faultAddCommand(app)),
  ),
  entry(LAB, 'fault list', 'the faults in force, and how often each struck', (app) =>
    import('./fault/list.ts').then((module) => module.faultListCommand(app)),
  ),
  entry(LAB, 'fault clear', 'end all faults, or one', (app) =>
    import('./fault/clear.ts').then((module) => module.faultClearCommand(app)),
  ),
  entry(LAB, 'snapshot save', 'keep the state of the whole engine under a name', (app) =>
    import('./snapshot/save.ts').then((module) => module.snapshotSaveCommand(app)),
  ),
  entry(LAB, 'snapshot load', 'bring a kept state back', (app) =>
    import('./snapshot/load.ts').then((module) => module.snapshotLoadCommand(app)),
  ),
  entry(LAB, 'snapshot list', 'the states that are kept', (app) =>
    import('./snapshot/list.ts').then((module) => module.snapshotListCommand(app)),
  ),
  entry(LAB, 'snapshot diff', 'what has come, gone and changed since', (app) =>
    import('./snapshot/diff.ts').then((module) => module.snapshotDiffCommand(app)),
  ),
  entry(LAB, 'snapshot delete', 'forget a kept state', (app) =>
    import('./snapshot/delete.ts').then((module) => module.snapshotDeleteCommand(app)),
  ),
  {
    ...entry(SHOP, 'chaos storm', 'a storm of faults over competing orders, then an audit', (app) =>
      import('./chaos/storm.ts').then((module) => module.chaosStormCommand(app)),
    ),
    isDefault: true,
  },
  entry(SHOP, 'chaos explore', 'many storms; the smallest one that does harm is shown', (app) =>
    import('./chaos/explore.ts').then((module) => module.chaosExploreCommand(app)),
  ),
];

export const LABORATORY_GROUPS: readonly Group[] = [
  { name: 'clock', summary: "turn the engine's clock", group: LAB },
  { name: 'queue', summary: 'list, look into, fill, empty and hold queues', group: LAB },
  { name: 'topic', summary: 'list topics, and publish on them', group: LAB },
  { name: 'fault', summary: 'make calls fail on purpose', group: LAB },
  { name: 'snapshot', summary: 'keep, compare and bring back whole states', group: LAB },
  { name: 'chaos', summary: 'storms of faults over the shop, and what they leave behind', group: SHOP },
];
