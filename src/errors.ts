/** Every failure that a user can meet, by code; the value is the exit code of the program (docs/output.md). */
export const EXIT_CODES = {
  // 1: failed, or a check did not hold
  internal: 1,
  check_failed: 1,
  not_found: 1,
  conflict: 1,
  aws_error: 1,
  timeout: 1,
  unsupported: 1,
  credentials: 1,
  consumer_failed: 1,
  // 2: usage
  usage: 2,
  invalid_input: 2,
  needs_terminal: 2,
  invalid_config: 2,
  endpoint_scheme: 2,
  endpoint_path: 2,
  endpoint_credentials: 2,
  endpoint_malformed: 2,
  unknown_profile: 2,
  // 3: engine unreachable or unhealthy
  engine_unreachable: 3,
  engine_unhealthy: 3,
  engine_start_failed: 3,
  port_taken: 3,
  not_an_engine: 3,
  no_log: 3,
  engine_missing: 3,
  engine_exited: 3,
  engine_outdated: 3,
  engine_on_ipv6: 3,
  services_disabled: 3,
  port_forbidden: 3,
  port_taken_by_engine: 3,
  name_taken: 3,
  disk_full: 3,
  // A data directory that cannot be gone on with, by cause
  data_snapshot_damaged: 3,
  data_snapshot_missing: 3,
  data_journal_damaged: 3,
  data_journal_truncated: 3,
  data_journal_missing: 3,
  data_entry_unknown: 3,
  data_file_misplaced: 3,
  data_format_newer: 3,
  data_format_older: 3,
  data_in_use: 3,
  data_unwritable: 3,
  data_missing: 3,
  docker_missing: 3,
  docker_stopped: 3,
  docker_forbidden: 3,
  docker_outdated: 3,
  docker_context: 3,
  docker_remote: 3,
  docker_failed: 3,
  image_not_found: 3,
  image_denied: 3,
  image_rate_limited: 3,
  image_architecture: 3,
  image_offline: 3,
  image_proxy: 3,
  token_missing: 3,
  token_rejected: 3,
  token_expired: 3,
  // 4: not provisioned
  not_provisioned: 4,
  // 5: refused by a safety guard
  refused: 5,
  // 6: cannot be told yet, as messages are on their way
  not_settled: 6,
  // 130: interrupted
  interrupted: 130,
} as const;

export type ErrorCode = keyof typeof EXIT_CODES;

/** What helps, as data: layers below the command line know what to do, and views how it is typed. */
export interface Remedy {
  action:
    | 'list_orders'
    | 'show_order'
    | 'retry_order'
    | 'trace_order'
    | 'show_inventory'
    | 'show_queues'
    | 'list_dead_letters'
    | 'show_dead_letters';
  /** Of the order or the queue; empty where the action needs none. */
  id: string;
}

export interface ErrorOptions {
  /** The command, or the change, that fixes it. */
  hint?: string | Remedy;
  /** True when the same call may succeed later unchanged. */
  retryable?: boolean;
  /** Lines that explain the message, such as the last of a log. */
  details?: readonly string[];
  cause?: unknown;
}

/** The one error class of the program: `main` turns it into a line of text or JSON, and an exit code. */
export class CliffracerError extends Error {
  override readonly name = 'CliffracerError';
  readonly code: ErrorCode;
  readonly hint: string | Remedy | undefined;
  readonly retryable: boolean;
  readonly details: readonly string[];

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.retryable = options.retryable ?? false;
    this.details = options.details ?? [];
  }

  get exitCode(): number {
    return EXIT_CODES[this.code];
  }
}
