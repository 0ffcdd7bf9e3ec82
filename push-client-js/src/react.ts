import {
  createContext,
  createElement,
  type ReactNode,
  useContext,
  useEffect,
  useRef,
  useSyncExternalStore,
} from 'react';
import type { Handler, Push, PushEvent, State, SubscribeOptions } from './types.js';

const Context = createContext<Push | undefined>(undefined);

/** The connection that the hooks below it use. It is made and closed by who passes it. */
export function PushProvider({ push, children }: { push: Push; children?: ReactNode }) {
  return createElement(Context.Provider, { value: push }, children);
}

function useConnection(push?: Push): Push {
  const provided = useContext(Context);
  const used = push ?? provided;
  if (!used) {
    throw new Error('edgepush: there is no PushProvider above');
  }
  return used;
}

/** What the connection does; renders again with every change. */
export function useConnectionState(push?: Push): State {
  const used = useConnection(push);
  return useSyncExternalStore(
    listener => used.on('state', listener),
    () => used.state,
    () => used.state,
  );
}

/**
 * Subscribes to topics as long as the component is there. Another handler or another `replay` does not subscribe anew, other topics do.
 *
 * @param topics one or many; none for undefined
 * @param handler gets every event, in order
 * @returns the last event, undefined before the first one. Where several come at once React renders the last one only: what must see
 *   all of them is a handler
 */
export function usePush(
  topics: string | readonly string[] | undefined,
  handler?: Handler,
  options: SubscribeOptions & { push?: Push | undefined } = {},
): PushEvent | undefined {
  const used = useConnection(options.push);
  const latest = useRef({ handler, options });
  const last = useRef<PushEvent | undefined>(undefined);
  const listeners = useRef(new Set<() => void>());
  // Topics have no spaces.
  const key = topics === undefined ? '' : [topics].flat().join(' ');

  useEffect(() => {
    latest.current = { handler, options };
  });

  useEffect(() => {
    last.current = undefined;
    if (!key) {
      return undefined;
    }
    const { replay, since, signal } = latest.current.options;
    const subscription = used.subscribe(
      key.split(' '),
      event => {
        last.current = event;
        for (const listener of listeners.current) {
          listener();
        }
        return latest.current.handler?.(event);
      },
      { replay, since, signal },
    );
    return () => subscription.unsubscribe();
  }, [used, key]);

  return useSyncExternalStore(
    listener => {
      listeners.current.add(listener);
      return () => listeners.current.delete(listener);
    },
    () => last.current,
    () => undefined,
  );
}
