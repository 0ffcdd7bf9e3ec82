import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { Happenings } from './happenings.js';
import { Store } from './store.js';

/**
 * A small service that speaks the protocol, on a free port of 127.0.0.1, with switches for what can go wrong.
 *
 * `refuse`: by transport, the status (or `{status, headers, body}`) to refuse with, or `mute` to accept and then say nothing.
 */
export class PushServer extends Happenings {
  store = new Store();
  refuse = {};
  heartbeatMs = 60_000;
  pollWaitMs = 25_000;
  offered = ['websocket', 'sse', 'long-poll'];
  limits = { topicsPerUrl: 100, topicsPerMessage: 1000, messageBytes: 131072, dataBytes: 65536 };
  /** Answers long-polls at once, whether there is something or not. */
  hasty = false;
  /** Topics that nobody may subscribe. */
  forbidden = new Set();
  /** How many topics the service takes in one request, whatever it says of its limits. */
  together = 1000;
  /** The tokens that are taken; nothing to take all. @type {Set<string> | undefined} */
  tokens;
  /** Called with each session before an event of a replay is sent; may cut it. @type {(session: Session, event: object) => void} */
  onReplay = () => {};
  /** @type {Set<Session>} */
  sessions = new Set();
  /** What was asked for, oldest first. @type {{transport: string, query: URLSearchParams, headers: object, at: number}[]} */
  requests = [];
  /** Messages of WebSocket clients. */
  messages = [];
  #sockets = new Set();
  #http = createServer((request, response) => this.#serve(request, response));
  #upgrades = new WebSocketServer({ noServer: true });

  static async start(settings = {}) {
    const server = Object.assign(new PushServer(), settings);
    server.#http.on('connection', socket => {
      server.#sockets.add(socket);
      socket.on('close', () => server.#sockets.delete(socket));
    });
    server.#http.on('upgrade', (request, socket, head) => server.#upgrade(request, socket, head));
    await server.listen(0);
    return server;
  }

  async listen(port) {
    await new Promise(resolve => this.#http.listen(port, '127.0.0.1', resolve));
    this.port = this.#http.address().port;
    this.url = `http://127.0.0.1:${this.port}/`;
  }

  /** Breaks all connections and listens no more. */
  async stop() {
    this.cut();
    await new Promise(resolve => this.#http.close(resolve));
  }

  /** Breaks all connections without a word. */
  cut() {
    for (const socket of this.#sockets) {
      socket.destroy();
    }
  }

  /** @returns {object} the event */
  publish(topic, data, more) {
    const event = this.store.append(topic, data, more);
    for (const session of [...this.sessions]) {
      if (session.live.has(topic)) {
        session.event(event);
      }
    }
    return event;
  }

  heartbeat() {
    for (const session of this.sessions) {
      session.heartbeat?.(this.store.cursor(session.live));
    }
  }

  /** The session of a transport, when it is there and has these topics. */
  async session(transport, ...topics) {
    const found = () =>
      [...this.sessions].find(s => s.transport === transport && topics.every(topic => s.live.has(topic)));
    await this.until(found);
    return found();
  }

  #serve(request, response) {
    const url = new URL(request.url, this.url);
    if (url.pathname === '/negotiate') {
      const { heartbeatMs, pollWaitMs, limits } = this;
      this.#note({ transport: 'negotiate', query: url.searchParams, headers: request.headers });
      if (!this.#refused('negotiate', response)) {
        const answer = { protocol: 1, url: '/subscribe', transports: this.offered, heartbeatMs, pollWaitMs, limits };
        json(response, 200, answer);
      }
      return;
    }
    const transport = request.headers.accept === 'text/event-stream' ? 'sse' : 'long-poll';
    this.#note({ transport, query: url.searchParams, headers: request.headers });
    if (!this.#refused(transport, response) && !this.#denied(url.searchParams, request, response)) {
      const session = transport === 'sse' ? new StreamSession(this, response) : new PollSession(this, response);
      response.on('close', () => session.gone());
      session.begin(url.searchParams);
    }
  }

  #refused(transport, response) {
    const refusal = this.refuse[transport];
    if (refusal === undefined || refusal === 'mute') {
      return refusal === 'mute';
    }
    const { status, headers = {}, body = 'no' } = typeof refusal === 'number' ? { status: refusal } : refusal;
    response.writeHead(status, headers).end(body);
    return true;
  }

  #denied(query, request, response) {
    const token = request.headers.authorization?.slice('Bearer '.length);
    const topics = query.getAll('topic');
    if (this.tokens && !this.tokens.has(token)) {
      problem(response, 401, 'unauthenticated');
    } else if (topics.some(topic => this.forbidden.has(topic))) {
      problem(response, 403, 'forbidden');
    } else if (topics.length > this.together) {
      problem(response, 400, 'invalid-field');
    } else if (topics.length === 0 || topics.length > this.limits.topicsPerUrl) {
      problem(response, 400, 'invalid-field');
    } else {
      return false;
    }
    return true;
  }

  #upgrade(request, socket, head) {
    const query = new URL(request.url, this.url).searchParams;
    this.#note({ transport: 'websocket', query, headers: request.headers });
    const refusal = this.refuse.websocket;
    if (refusal === 'mute') {
      return;
    }
    if (refusal !== undefined) {
      socket.end(`HTTP/1.1 ${refusal} Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
      return;
    }
    this.#upgrades.handleUpgrade(request, socket, head, webSocket => {
      const session = new SocketSession(this, webSocket);
      webSocket.on('error', () => {});
      webSocket.on('close', () => session.gone());
      session.begin();
    });
  }

  #note(request) {
    this.requests.push({ ...request, at: Date.now() });
    this.happened();
  }
}

/** What the three transports have in common. */
class Session {
  /** Topics that `subscribed` was said for. @type {Set<string>} */
  live = new Set();

  constructor(server, transport) {
    this.server = server;
    this.transport = transport;
    server.sessions.add(this);
  }

  gone() {
    this.server.sessions.delete(this);
    this.server.happened();
  }

  /** Sends what lies behind the cursor, and says so. */
  catchUp(topics, cursor, replay, ref) {
    const { store, onReplay } = this.server;
    const { events, gaps } = store.replay(topics, cursor, replay);
    for (const gap of gaps) {
      this.send({ type: 'gap', ...gap });
    }
    for (const event of events) {
      onReplay(this, event);
      if (!this.server.sessions.has(this)) {
        return;
      }
      this.event(event);
    }
    for (const topic of topics) {
      this.live.add(topic);
    }
    this.send({ type: 'subscribed', ...ref, topics, cursor: store.cursor(this.live) });
    this.server.happened();
  }

  welcome(cursor) {
    const { heartbeatMs } = this.server;
    return { type: 'welcome', protocol: 1, session: 'n4Zr0cVw9Q2k', heartbeatMs, ...(cursor ? { cursor } : {}) };
  }
}

class SocketSession extends Session {
  constructor(server, webSocket) {
    super(server, 'websocket');
    this.webSocket = webSocket;
  }

  begin() {
    this.webSocket.on('message', text => this.#message(JSON.parse(text)));
    this.send(this.welcome());
    this.server.happened();
  }

  send(message) {
    this.webSocket.send(JSON.stringify(message));
  }

  event(event) {
    this.send({ type: 'event', event });
  }

  heartbeat(cursor) {
    this.send({ type: 'heartbeat', cursor });
  }

  close(code, reason) {
    this.gone();
    this.webSocket.close(code, reason);
  }

  cut() {
    this.gone();
    this.webSocket.terminate();
  }

  #message(message) {
    const { server } = this;
    const { type, ref } = message;
    server.messages.push(message);
    if (type === 'subscribe') {
      const refused = message.topics.filter(topic => server.forbidden.has(topic));
      const topics = message.topics.filter(topic => !server.forbidden.has(topic));
      for (const topic of refused) {
        this.send({ type: 'error', ref, code: 'forbidden', message: 'not permitted', topic });
      }
      if (topics.length) {
        this.catchUp(topics, message.cursor, message.replay ?? 0, { ref });
      }
    } else if (type === 'unsubscribe') {
      for (const topic of message.topics) {
        this.live.delete(topic);
      }
      this.send({ type: 'unsubscribed', ref, topics: message.topics });
    } else if (type === 'publish') {
      this.#publish(message);
    } else if (type === 'auth' && server.tokens && !server.tokens.has(message.token)) {
      this.send({ type: 'error', ref, code: 'unauthenticated', message: 'the token is not valid', close: 4001 });
      this.close(4001, 'unauthenticated');
    } else {
      this.send({ type: 'ack', ref });
    }
    server.happened();
  }

  #publish({ ref, event: { topic, data, id, ...more } }) {
    if (this.server.forbidden.has(topic)) {
      this.send({ type: 'error', ref, code: 'forbidden', message: 'not permitted', topic });
    } else {
      const stored = this.server.publish(topic, data, more);
      this.send({ type: 'ack', ref, id: stored.id, ...(id === 'again' ? { duplicate: true } : {}) });
    }
  }
}

class StreamSession extends Session {
  #cursor;

  constructor(server, response) {
    super(server, 'sse');
    this.response = response;
  }

  begin(query) {
    const topics = query.getAll('topic');
    const cursor = this.response.req.headers['last-event-id'] ?? query.get('cursor') ?? undefined;
    this.#cursor = cursor ?? this.server.store.cursor(topics);
    this.response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    this.response.write('retry: 2000\n');
    this.send(this.welcome(this.#cursor), this.#cursor);
    this.catchUp(topics, cursor, Number(query.get('replay') ?? 0), {});
  }

  send(message, id = message.cursor) {
    this.response.write(`${id ? `id: ${id}\n` : ''}event: ${message.type}\ndata: ${JSON.stringify(message)}\n\n`);
  }

  event(event) {
    const entries = new Map(this.#cursor.split(',').map(id => [id.split(':')[0], id]));
    this.#cursor = [...entries.set(event.id.split(':')[0], event.id).values()].join(',');
    this.response.write(`id: ${this.#cursor}\ndata: ${JSON.stringify(event)}\n\n`);
  }

  heartbeat(cursor) {
    this.response.write(`: heartbeat\nid: ${cursor}\n\n`);
  }

  close(code, reason) {
    this.gone();
    if (code) {
      this.send({ type: 'error', code: reason, message: `closing with ${code}`, close: code });
    }
    this.response.end();
  }

  cut() {
    this.gone();
    this.response.socket?.destroy();
  }
}

class PollSession extends Session {
  #timer;
  #query;

  constructor(server, response) {
    super(server, 'long-poll');
    this.response = response;
  }

  begin(query) {
    this.#query = query;
    const cursor = query.get('cursor');
    if (!cursor || !this.#answer()) {
      const waitMs = Number(query.get('wait') ?? 25) * 1000;
      if (!cursor || waitMs === 0 || this.server.hasty) {
        this.#answer(true);
      } else {
        this.#timer = setTimeout(() => this.#answer(true), waitMs);
        for (const topic of query.getAll('topic')) {
          this.live.add(topic);
        }
        this.server.happened();
      }
    }
  }

  event() {
    this.#answer();
  }

  close(_code, _reason, headers = {}) {
    this.#answer(true, headers);
  }

  cut() {
    this.gone();
    this.response.socket?.destroy();
  }

  gone() {
    clearTimeout(this.#timer);
    super.gone();
  }

  #answer(always = false, headers = {}) {
    const { store, onReplay } = this.server;
    const query = this.#query;
    const topics = query.getAll('topic');
    const { events, gaps } = store.replay(topics, query.get('cursor') ?? undefined, Number(query.get('replay') ?? 0));
    if (!always && !events.length && !gaps.length) {
      return false;
    }
    for (const event of events) {
      onReplay(this, event);
    }
    if (this.server.sessions.has(this)) {
      json(this.response, 200, { cursor: store.cursor(topics), events, gaps }, headers);
      this.gone();
    }
    return true;
  }
}

function json(response, status, value, headers = {}) {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers });
  response.end(JSON.stringify(value));
}

function problem(response, status, code) {
  response.writeHead(status, { 'Content-Type': 'application/problem+json' });
  response.end(JSON.stringify({ type: `urn:edgepush:problem:${code}`, title: code, status, code, detail: code }));
}
