// Checked with the types, so that they stay usable from TypeScript. Never run.
import { connect, type Gap, type Push, type PushError, type PushEvent, type State } from 'edgepush-client';

const push: Push = connect('https://push.example.com', {
  token: async () => 'eyJ…',
  transports: ['websocket', 'sse', 'long-poll'],
});

const abort = new AbortController();
const orders = push.subscribe(
  ['orders.eu.42', 'orders.eu.43'],
  (event: PushEvent) => console.log(event.topic, event.type, event.data),
  { replay: 10, signal: abort.signal },
);

push.on('state', (state: State) => {
  switch (state.status) {
    case 'connecting':
      return 'connecting';
    case 'open':
      return `over ${state.transport}`;
    case 'waiting':
      return `again at ${new Date(state.retryAt).toISOString()} after ${state.error.message}`;
    case 'closed':
      return `closed: ${state.reason}`;
  }
});
push.on('gap', ({ topic, from, to, reason }: Gap) => console.log(topic, from, to, reason));
const off: () => void = push.on('error', (error: PushError) =>
  console.log(error.code, error.topic, error.retryAfterMs),
);

const { id, duplicate } = await push.publish('chat:lobby', { text: 'hello' }, { type: 'said', id: '8f2c' });
console.log(id.length, duplicate, push.cursor, push.transport, push.state.status);

await push.refreshToken();
await push.refreshToken(async () => 'eyJ…');
for await (const { topic, data } of push.subscribe('news', { replay: 3 })) {
  console.log(topic, data);
}

off();
orders.unsubscribe();
push.close();

// @ts-expect-error: there is no such transport
connect('/', { transports: ['carrier-pigeon'] });
// @ts-expect-error: there is no such event
push.on('open', () => {});
// @ts-expect-error: data that is no JSON
push.publish('a', () => {});
