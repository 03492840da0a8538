/** State that follows the agent. */
import { createContext } from 'preact';
import { useCallback, useContext, useEffect, useRef, useState } from 'preact/hooks';

import { call, CallError, EVENTS_PATH, type Schemas } from './api.ts';

export type News =
  | { readonly kind: 'changed' }
  | { readonly kind: 'event'; readonly event: Schemas['Event'] }
  | { readonly kind: 'drift'; readonly drift: Schemas['Drift'] };

export interface Live {
  /** Calls back for all that happens; gives what ends that. */
  follow(listener: (news: News) => void): () => void;
}

export const LiveContext = createContext<Live>({ follow: () => () => undefined });

const REFUSED_MS = 10_000;

/** The stream of the agent, for as long as somebody is signed in. */
export function openLive(onState: (connected: boolean) => void): Live & { close(): void } {
  const listeners = new Set<(news: News) => void>();
  const tell = (news: News): void => listeners.forEach((listener) => listener(news));
  let timer: number | undefined;
  const connect = (): EventSource => {
    const opened = new EventSource(EVENTS_PATH);
    opened.addEventListener('open', () => {
      onState(true);
      // What changed while the stream was away was not told.
      tell({ kind: 'changed' });
    });
    opened.addEventListener('error', () => {
      onState(false);
      // The browser connects anew when the connection broke off, but not when it was refused.
      if (opened.readyState !== EventSource.CLOSED) return;
      timer = window.setTimeout(() => {
        source = connect();
      }, REFUSED_MS);
    });
    opened.addEventListener('changed', () => tell({ kind: 'changed' }));
    // The data are what the contract says of them.
    opened.addEventListener('event', ({ data }) =>
      tell({ kind: 'event', event: JSON.parse(String(data)) as Schemas['Event'] }),
    );
    opened.addEventListener('drift', ({ data }) =>
      tell({ kind: 'drift', drift: JSON.parse(String(data)) as Schemas['Drift'] }),
    );
    return opened;
  };
  let source = connect();
  return {
    follow: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => {
      window.clearTimeout(timer);
      source.close();
    },
  };
}

export function useNews(listener: (news: News) => void): void {
  const live = useContext(LiveContext);
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => live.follow((news) => latest.current(news)), [live]);
}

export interface Loaded<T> {
  readonly value: T | undefined;
  readonly error: string | undefined;
  readonly reload: () => void;
}

const RELOAD_MS = 400;

/** What is at a path, asked for again when something changed. */
export function useResource<T>(path: string): Loaded<T> {
  const [state, setState] = useState<{ readonly value?: T; readonly error?: string }>({});
  const timer = useRef<number | undefined>(undefined);
  const current = useRef(path);
  current.current = path;
  const asked = useRef(0);
  const shown = useRef(0);
  const reload = useCallback(() => {
    const mine = ++asked.current;
    // Answers may overtake each other: an older one never takes the place of a newer one.
    const isNews = (): boolean => {
      if (current.current !== path || mine < shown.current) return false;
      shown.current = mine;
      return true;
    };
    call<T>('GET', path).then(
      (value) => {
        if (isNews()) setState({ value });
      },
      (error: unknown) => {
        const message = messageOf(error);
        if (isNews()) setState((before) => ({ ...before, error: message }));
      },
    );
  }, [path]);
  useEffect(() => {
    reload();
    return () => {
      window.clearTimeout(timer.current);
      timer.current = undefined;
    };
  }, [reload]);
  useNews(() => {
    timer.current ??= window.setTimeout(() => {
      timer.current = undefined;
      reload();
    }, RELOAD_MS);
  });
  return { value: state.value, error: state.error, reload };
}

/** What to tell people of a failure. */
export function messageOf(error: unknown): string {
  if (!(error instanceof CallError)) return error instanceof Error ? error.message : String(error);
  const wait = error.retryAfterSeconds === undefined ? '' : ` Try again in ${error.retryAfterSeconds} s.`;
  return [`${error.message}${wait}`, ...error.details].join(' — ');
}

/** Something that is done on request: under way, failed, or neither. */
export function useAction(): {
  readonly busy: boolean;
  readonly error: string | undefined;
  readonly run: (work: () => Promise<void>) => void;
} {
  const [state, setState] = useState<{ readonly busy: boolean; readonly error?: string }>({ busy: false });
  const run = useCallback((work: () => Promise<void>) => {
    setState({ busy: true });
    work().then(
      () => setState({ busy: false }),
      (error: unknown) => setState({ busy: false, error: messageOf(error) }),
    );
  }, []);
  return { busy: state.busy, error: state.error, run };
}
