import puppeteer from 'puppeteer-core';
import { Builder } from 'selenium-webdriver';
import { browserPath, FLAGS, firefoxPath, freePort, Process, webkitDriverPath } from './processes.js';

const PATIENCE_MS = 30_000;

/** Chromium by its own protocol, Firefox by WebDriver BiDi, WebKit by WebDriver: what they answer has puppeteer's surface. */
export const BROWSERS = {
  chromium: () => puppeteer.launch({ executablePath: browserPath(), args: FLAGS }),
  firefox: () => puppeteer.launch({ browser: 'firefox', executablePath: firefoxPath() }),
  // There is no WebKitGTK elsewhere.
  ...(process.platform === 'linux' ? { webkit: () => WebKit.launch() } : {}),
};

/** Waits until somebody listens there. */
async function answers(url) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      await fetch(url);
      return;
    } catch (error) {
      if (Date.now() > deadline) {
        throw error;
      }
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }
}

/** WebKitGTK: one window, on a display of its own. */
class WebKit {
  #processes;
  #driver;

  static async launch() {
    const display = new Process('Xvfb', ['-displayfd', '1', '-nolisten', 'tcp']);
    const number = /^\d+\n/m;
    await display.says(number);
    const port = await freePort();
    const env = {
      ...process.env,
      DISPLAY: `:${number.exec(display.output)[0].trim()}`,
      NO_AT_BRIDGE: '1',
      WEBKIT_DISABLE_COMPOSITING_MODE: '1',
    };
    const driver = new Process(webkitDriverPath(), [`--port=${port}`, '--host=127.0.0.1'], env);
    const webkit = new WebKit();
    webkit.#processes = [driver, display];
    try {
      await answers(`http://127.0.0.1:${port}/status`);
      const capabilities = { browserName: 'MiniBrowser' };
      const builder = new Builder().usingServer(`http://127.0.0.1:${port}`).withCapabilities(capabilities);
      webkit.#driver = await builder.build();
      await webkit.#driver.manage().setTimeouts({ script: PATIENCE_MS, pageLoad: PATIENCE_MS });
    } catch (error) {
      await webkit.close();
      throw error;
    }
    return webkit;
  }

  async newPage() {
    return new WebKitPage(this.#driver);
  }

  async close() {
    await this.#driver?.quit().catch(() => {});
    for (const one of this.#processes) {
      await one.end();
    }
  }
}

class WebKitPage {
  #driver;

  constructor(driver) {
    this.#driver = driver;
  }

  goto(url) {
    return this.#driver.get(url);
  }

  reload() {
    return this.#driver.navigate().refresh();
  }

  goBack() {
    return this.#driver.navigate().back();
  }

  /** Leaves the page: the window is needed for the next one. */
  close() {
    return this.#driver.get('about:blank');
  }

  async evaluate(task, ...values) {
    const script = `const done = arguments[arguments.length - 1];
Promise.resolve((${task})(...[...arguments].slice(0, -1))).then(value => done({ value }), error => done({ error: String(error) }));`;
    const { value, error } = await this.#driver.executeAsyncScript(script, ...values);
    if (error !== undefined) {
      throw new Error(error);
    }
    return value;
  }

  async waitForFunction(condition, { polling, timeout }, ...values) {
    const deadline = Date.now() + timeout;
    for (;;) {
      // A page that is being left answers nothing.
      if (await this.evaluate(condition, ...values).catch(() => false)) {
        return;
      }
      if (Date.now() > deadline) {
        throw new Error('it took too long');
      }
      await new Promise(resolve => setTimeout(resolve, polling));
    }
  }
}
