import { Recorder } from './recorder.js';
import { PushServer } from './server.js';

export const TRANSPORTS = ['websocket', 'sse', 'long-poll'];

/**
 * A server that ends with the test.
 *
 * @param {import('node:test').TestContext} t
 */
export async function serve(t, settings) {
  const server = await PushServer.start(settings);
  t.after(() => server.stop());
  return server;
}

/** A client that ends with the test. */
export function join(t, server, options) {
  const recorder = new Recorder(server.url, options);
  t.after(() => recorder.push.close());
  return recorder;
}
