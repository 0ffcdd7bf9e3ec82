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
  /** Connections on which nothing was sent for so long are broken; 0 for never. */
  idleMs = 0;
  #silent = false;
  #broke = () => {};
  #target;
  #sockets = new Set();
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

  /** Lets nothing through any more, in neither direction, and tells nobody; or lets all go on. */
  set silent(silent) {
    this.#silent = silent;
    for (const socket of this.#sockets) {
      if (silent) {
        socket.cork();
        socket.pause();
      } else {
        socket.destroy();
      }
    }
  }

  /** Another port behind it, for connections to come. */
  set target(port) {
    this.#target = port;
  }

  /** Resolves when the next idle connection was broken. */
  broken() {
    return new Promise(resolve => {
      this.#broke = resolve;
    });
  }

  #watch(socket) {
    let moved = -1;
    if (this.idleMs) {
      const look = setInterval(() => {
        if (moved === socket.bytesRead + socket.bytesWritten) {
          socket.destroy();
          this.#broke();
        }
        moved = socket.bytesRead + socket.bytesWritten;
      }, this.idleMs);
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
    const { method, url: path, headers } = incoming;
    const onward = request({ host: '127.0.0.1', port: this.#target, method, path, headers }, answer => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      if (!this.buffer || incoming.headers.accept !== 'text/event-stream') {
        answer.pipe(outgoing);
      } else {
        answer.resume();
      }
      answer.on('error', () => outgoing.destroy());
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  }

  #tunnel(incoming, socket, head) {
    if (this.#silent) {
      return; // it is never answered
    }
    if (this.refuseUpgrades) {
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      return;
    }
    const onward = connect(this.#target, '127.0.0.1', () => {
      const { rawHeaders } = incoming;
      const lines = rawHeaders.flatMap((name, i) => (i % 2 ? [] : `${name}: ${rawHeaders[i + 1]}`));
      onward.write([`GET ${incoming.url} HTTP/1.1`, ...lines, '', ''].join('\r\n'));
      onward.write(head);
      socket.pipe(onward).pipe(socket);
    });
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ]) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  }
}
