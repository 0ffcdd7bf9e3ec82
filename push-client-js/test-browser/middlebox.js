import { createServer, request } from 'node:http';
import { connect } from 'node:net';

/** Something between the browser and the service that lets through what it likes. */
export class Middlebox {
  /** Whether upgrades to WebSocket are refused. */
  refuseUpgrades = false;
  /** Whether event streams are refused. */
  refuseStreams = false;
  #target;
  #sockets = new Set();
  #server = createServer((incoming, outgoing) => this.#forward(incoming, outgoing));

  static async start(port) {
    const box = new Middlebox();
    box.#target = port;
    box.#server.on('upgrade', (incoming, socket, head) => box.#tunnel(incoming, socket, head));
    box.#server.on('connection', socket => {
      box.#sockets.add(socket);
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

  async stop() {
    this.cut();
    await new Promise(resolve => this.#server.close(resolve));
  }

  #forward(incoming, outgoing) {
    if (this.refuseStreams && incoming.headers.accept === 'text/event-stream') {
      outgoing.writeHead(403, { 'Content-Type': 'text/html' }).end('<p>Streaming media is blocked by policy.');
      return;
    }
    const { method, url: path, headers } = incoming;
    const onward = request({ host: '127.0.0.1', port: this.#target, method, path, headers }, answer => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.pipe(outgoing);
      answer.on('error', () => outgoing.destroy());
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  }

  #tunnel(incoming, socket, head) {
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
