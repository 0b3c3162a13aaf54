/** Why a host is refused, for whoever asked for it and for whoever looks on. */
export const REFUSAL = 'with --intercept only HTTP to AWS is let through, to the engine';

/**
 * Of a CONNECT whose client, our own preload, goes on at once: nothing may be answered where it succeeds. The value is what
 * comes next, `tls` or `plain`.
 */
export const UNANSWERED_HEADER = 'x-cliffracer-unanswered';
