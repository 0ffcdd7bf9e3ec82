import type { Connection } from './connection.js';
import { cursorText } from './cursor.js';

/**
 * Where each topic stands is kept for the next page of this tab. What this page itself has not asked for is kept no longer.
 *
 * @returns where the topics stood on the page before, by name
 */
export function persistence(base: string, connection: Connection): Record<string, string> {
  const key = `edgepush ${base}`;
  try {
    const keep = () => {
      const places = [...connection.topics.values()].map(({ name, position }) => [name, cursorText(position)]);
      sessionStorage[key] = JSON.stringify(Object.fromEntries(places));
    };
    connection.hear('pagehide', keep);
    connection.hear('visibilitychange', keep);
    return JSON.parse(sessionStorage[key] ?? '{}');
  } catch {
    // There is no such storage, or it is not permitted: a reload begins at the present then.
    return {};
  }
}
