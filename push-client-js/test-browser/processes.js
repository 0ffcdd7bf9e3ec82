import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const JAR = `${ROOT}push-service/target/push-service.jar`;
const FIREFOXES = ['firefox-esr', 'firefox'];
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** A token, as such or in a URL. */
const SECRET = /eyJ[\w-]{8,}\.[\w-]{8,}|access_token=\w/;

/** What Chromium is started with. */
export const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** The path of a browser; without one the tests fail and say what to install. */
export function browserPath() {
  return found([process.env.CHROMIUM, ...BROWSERS], 'chromium');
}

/** The path of Firefox; without it the tests fail and say what to install. */
export function firefoxPath() {
  return found([process.env.FIREFOX, ...FIREFOXES], 'firefox-esr');
}

/** The path of WebKitGTK's driver; without it the tests fail and say what to install. */
export function webkitDriverPath() {
  return found([process.env.WEBKIT_DRIVER, 'WebKitWebDriver'], 'webkit2gtk-driver xvfb');
}

function found(names, wanted) {
  for (const name of names) {
    try {
      return execFileSync('sh', ['-c', 'command -v "$0"', name ?? ''], { encoding: 'utf8' }).trim();
    } catch {
      // Another name, then.
    }
  }
  throw new Error(`a browser is missing: apt-get install -y ${wanted}`);
}

/** A port of 127.0.0.1 that nobody listens on. */
export async function freePort() {
  const server = createServer();
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise(resolve => server.close(resolve));
  return port;
}

/** A process that is ended by its pid. */
export class Process {
  output = '';
  #child;
  #exited;

  constructor(command, args, env = process.env) {
    this.#child = spawn(command, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', text => {
        this.output += text;
      });
    }
    this.#exited = new Promise((resolve, reject) => this.#child.on('exit', resolve).on('error', reject));
    this.#exited.catch(() => {});
  }

  /** Resolves when the text, or what the expression finds, was written; rejects with all that was written when the process ends before or takes too long. */
  async says(text, patienceMs = 120_000) {
    const stream = this.#child.stdout;
    await new Promise((resolve, reject) => {
      const look = () => (text.test ? text.test(this.output) : this.output.includes(text)) && resolve();
      const fail = why => reject(new Error(`${why} before it said "${text}":\n${this.output}`));
      stream.on('data', look);
      this.#exited.then(code => fail(`it ended with ${code}`), reject);
      setTimeout(() => fail('it took too long'), patienceMs).unref();
      look();
    });
  }

  async end(signal = 'SIGTERM') {
    if (this.#child.exitCode === null) {
      this.#child.kill(signal);
    }
    await this.#exited.catch(() => {});
    assert.doesNotMatch(this.output, SECRET, 'nothing that a process writes holds a token');
  }
}

/** The service itself; in development mode and in memory where nothing else is said. */
export async function startService(...more) {
  if (!existsSync(JAR)) {
    throw new Error('the service is not built: mvn -Dfast -pl push-service -am package');
  }
  const home = execFileSync('bash', ['-c', '. build/tools.sh && find_jdk'], { cwd: ROOT, encoding: 'utf8' }).trim();
  const [port, privatePort] = [await freePort(), await freePort()];
  const ports = ['--port', `${port}`, '--private-port', `${privatePort}`];
  const mode = more.includes('--mode') ? [] : ['--mode', 'development'];
  const process = new Process(`${home}/bin/java`, ['-jar', JAR, ...mode, ...ports, ...more]);
  await process.says('ready in');
  return { process, port, privatePort, url: `http://127.0.0.1:${port}` };
}

/** The example that publishes what the demonstration page shows. */
export async function startMetrics(privatePort) {
  const process = new Process(`${ROOT}examples/host-metrics/run`, ['--private-port', `${privatePort}`]);
  await process.says('publishing to');
  return process;
}

/** Publishes an event, and fails when it is not stored. */
export async function post(service, event) {
  const answer = await fetch(`http://127.0.0.1:${service.privatePort}/v1/events`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(event),
  });
  assert.equal(answer.status, 200, await answer.text());
}

/** A Redis on a free port, without persistence. */
export async function startRedis() {
  const port = await freePort();
  const process = new Process('redis-server', ['--port', `${port}`, '--save', '', '--bind', '127.0.0.1']);
  await process.says('Ready to accept connections');
  return { process, url: `redis://127.0.0.1:${port}` };
}
