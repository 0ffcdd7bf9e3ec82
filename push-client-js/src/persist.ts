import type { Connection } from './connection.js';
import { cursorText } from './cursor.js';

/**
 * Where each topic stands is kept for the next page of this tab, from event to event, and not only when
 * the page is left: what is written then does not always last. What this page itself has not asked for is kept no longer.
 *
 * @returns where the topics stood on the page before, by name
 */
export function persistence(base: string, connection: Connection): Record<string, string> {
  const key = `edgepush ${base}`;
  const { topics } = connection;
  try {
    const saved = JSON.parse(sessionStorage[key] ?? '{}');
    let due: ReturnType<typeof setTimeout> | undefined;
    const keep = () => {
      const places = [...topics.values()].map(({ name, position }) => [name, cursorText(position)]);
      sessionStorage[key] = JSON.stringify(Object.fromEntries(places));
    };
    topics.moved = () => {
      clearTimeout(due);
      due = setTimeout(keep);
    };
    connection.listeners.subscribed.add(topics.moved);
    connection.hear('pagehide', keep);
    return saved;
  } catch {
    // There is no such storage, or it is not permitted: a reload begins at the present then.
    return {};
  }
}
