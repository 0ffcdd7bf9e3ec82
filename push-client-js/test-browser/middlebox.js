import { createServer, request } from 'node:http';
import { connect } from 'node:net';

/** Something between the browser and the service that lets through what it likes. */
export class Middlebox {
  /** Whether upgrades to WebSocket are refused. */
  refuseUpgrades = false;
  /** Whether event streams are refused. */
  refuseStreams = false;
  /** Whether event streams are kept back until they end. */
  buffer = false;
  /** Connections in use on which nothing was sent for so long, or a quarter longer, are broken; 0 for never. */
  idleMs = 0;
  #silent = false;
  #broke = () => {};
  #target;
  #sockets = new Set();
  /** What flows into what. */
  #pipes = new Set();
  /** Those with a request that is not answered whole, or upgraded. */
  #used = new WeakSet();
  #server = createServer((incoming, outgoing) => this.#forward(incoming, outgoing));

  static async start(port) {
    const box = new Middlebox();
    box.#target = port;
    box.#server.on('upgrade', (incoming, socket, head) => box.#tunnel(incoming, socket, head));
    box.#server.on('connection', socket => {
      box.#sockets.add(socket);
      box.#watch(socket);
      socket.on('close', () => box.#sockets.delete(socket));
    });
    await new Promise(resolve => box.#server.listen(0, '127.0.0.1', resolve));
    box.url = `http://127.0.0.1:${box.#server.address().port}`;
    return box;
  }

  /** Breaks all connections without a word. */
  cut() {
    for (const socket of this.#sockets) {
      socket.destroy();
    }
  }

  /** Lets nothing through any more, in neither direction, not even an end, and tells nobody; or lets all go on. */
  set silent(silent) {
    this.#silent = silent;
    if (silent) {
      for (const [source, sink] of this.#pipes) {
        source.unpipe(sink);
        source.pause();
      }
      this.#pipes.clear();
    } else {
      this.cut();
    }
  }

  /** Another port behind it, for connections to come. */
  set target(port) {
    this.#target = port;
  }

  /** Resolves when the next silent connection was broken. */
  broken() {
    return new Promise(resolve => {
      this.#broke = resolve;
    });
  }

  /** Breaks it when nothing has moved on it for long while it is in use. */
  #watch(socket) {
    let moved = -1;
    let quiet = 0;
    if (this.idleMs) {
      const look = setInterval(() => {
        const now = socket.bytesRead + socket.bytesWritten;
        quiet = this.#used.has(socket) && moved === now ? quiet + 1 : 0;
        moved = now;
        if (quiet >= 4) {
          socket.destroy();
          this.#broke();
        }
      }, this.idleMs / 4);
      socket.on('close', () => clearInterval(look));
    }
  }

  async stop() {
    this.cut();
    await new Promise(resolve => this.#server.close(resolve));
  }

  #forward(incoming, outgoing) {
    if (this.#silent) {
      return; // it is never answered
    }
    if (incoming.url === '/blank') {
      outgoing.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>blank</title>');
      return;
    }
    if (this.refuseStreams && incoming.headers.accept === 'text/event-stream') {
      outgoing.writeHead(403, { 'Content-Type': 'text/html' }).end('<p>Streaming media is blocked by policy.');
      return;
    }
    const { method, url: path, headers, socket } = incoming;
    this.#used.add(socket);
    outgoing.on('close', () => this.#used.delete(socket));
    const onward = request({ host: '127.0.0.1', port: this.#target, method, path, headers }, answer => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      if (!this.buffer || incoming.headers.accept !== 'text/event-stream') {
        this.#join(answer, outgoing);
      } else {
        answer.resume();
      }
      answer.on('error', () => this.#silent || outgoing.destroy());
    });
    onward.on('error', () => this.#silent || outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  }

  #join(source, sink) {
    const pipe = [source, sink];
    if (!this.#silent) {
      source.pipe(sink);
      this.#pipes.add(pipe);
      source.on('close', () => this.#pipes.delete(pipe));
    }
  }

  #tunnel(incoming, socket, head) {
    if (this.#silent) {
      return; // it is never answered
    }
    if (this.refuseUpgrades) {
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      return;
    }
    this.#used.add(socket);
    const onward = connect(this.#target, '127.0.0.1', () => {
      const { rawHeaders } = incoming;
      const lines = rawHeaders.flatMap((name, i) => (i % 2 ? [] : `${name}: ${rawHeaders[i + 1]}`));
      onward.write([`GET ${incoming.url} HTTP/1.1`, ...lines, '', ''].join('\r\n'));
      onward.write(head);
      this.#join(socket, onward);
      this.#join(onward, socket);
    });
    socket.on('error', () => {}).on('close', () => onward.destroy());
    onward.on('error', () => {}).on('close', () => this.#silent || socket.destroy());
  }
}
