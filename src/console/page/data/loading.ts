import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, call } from './api.ts';

export interface Loaded<T> {
  data: T | undefined;
  error: ApiError | undefined;
  loading: boolean;
  reload(): void;
}

/**
 * The answer to a request, asked again when the request changes and, with `everyMs`, from time to time while the page is
 * seen, and when `again` changes. An undefined input asks nothing. What is there stays while the same is asked again.
 */
export function useLoaded<T>(path: string, input: object | undefined, everyMs?: number, again?: unknown): Loaded<T> {
  const key = input === undefined ? undefined : `${path} ${JSON.stringify(input)}`;
  const [state, setState] = useState<{ key?: string | undefined; data?: T; error?: ApiError | undefined }>({});
  const [turn, setTurn] = useState(0);
  const latest = useRef(input);
  latest.current = input;
  useEffect(() => {
    if (key === undefined) return undefined;
    const ends = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      try {
        const data = await call<T>(path, latest.current, ends.signal);
        setState({ key, data });
      } catch (error) {
        if (ends.signal.aborted) return;
        const known = error instanceof ApiError ? error : new ApiError('internal', String(error), null);
        setState((before) => ({ ...(before.key === key && before), key, error: known }));
      }
      if (everyMs !== undefined && !ends.signal.aborted) timer = setTimeout(askIfSeen, everyMs);
    };
    const askIfSeen = () => {
      if (document.hidden) timer = setTimeout(askIfSeen, everyMs);
      else void ask();
    };
    void ask();
    return () => {
      ends.abort();
      clearTimeout(timer);
    };
  }, [key, turn, everyMs, again]);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  const current = state.key === key;
  return {
    data: current ? state.data : undefined,
    error: current ? state.error : undefined,
    loading: key !== undefined && !current,
    reload,
  };
}
