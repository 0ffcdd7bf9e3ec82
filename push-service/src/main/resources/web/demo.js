import { Chart } from '/chart.js';
import { connect } from '/client.js';

const CPU = 'demo/host/cpu';
const MEMORY = 'demo/host/memory';
const NETWORK = 'demo/host/network';
const REPLAY = 60;
const MAX_LINES = 8;
const READING_LINES = 3;
const QUIET_MS = 5000;

const NAMES = { websocket: 'WebSocket', sse: 'SSE', 'long-poll': 'long-poll' };

const PANELS = [
  { title: 'WebSocket', transports: ['websocket', 'sse', 'long-poll'] },
  { title: 'Server-Sent Events', transports: ['sse', 'long-poll'] },
  { title: 'Long-poll', transports: ['long-poll'] },
];

const bytes = value => {
  const unit = value < 1024 ** 2 ? ['KiB', 1024] : value < 1024 ** 3 ? ['MiB', 1024 ** 2] : ['GiB', 1024 ** 3];
  const number = value / unit[1];
  return `${number.toFixed(number < 10 ? 1 : 0)} ${unit[0]}`;
};

/** One connection that starts at a transport, and what it brings. */
class Panel {
  #parts = {};
  #events = 0;
  #gaps = 0;
  #opened = 0;
  #topics = new Set();
  #first;
  #charts = {
    [CPU]: new Chart('CPU', { lines: ['cpu'], format: p => `${p.toFixed(0)} %`, formatScale: () => '100 %', max: 100 }),
    [MEMORY]: new Chart('Memory', { lines: ['memory'], format: bytes, formatScale: bytes }),
    [NETWORK]: new Chart('Network', {
      lines: ['received', 'sent'],
      format: (rx, tx) => `↓ ${bytes(rx)}/s  ↑ ${bytes(tx)}/s`,
      formatScale: max => `${bytes(max)}/s`,
    }),
  };
  /** When the last reading came. */
  lastReading = 0;

  constructor({ title, transports }) {
    const fragment = document.getElementById('panel').content.cloneNode(true);
    this.element = fragment.querySelector('section');
    this.element.id = transports[0];
    const heading = fragment.querySelector('h2');
    heading.textContent = title;
    heading.id = `${transports[0]}-title`;
    this.element.setAttribute('aria-labelledby', heading.id);
    for (const part of fragment.querySelectorAll('[data-part]')) {
      this.#parts[part.dataset.part] = part;
    }
    this.#parts.charts.append(...Object.values(this.#charts).map(chart => chart.element));
    [this.#first] = transports;
    this.push = connect('/', { transports });
    this.push.on('state', () => this.showState());
    this.push.on('gap', gap => this.#gap(gap));
    this.push.on('error', error => this.#line('error', `${error.code}: ${error.message}`));
    this.push.subscribe(
      [CPU, MEMORY, NETWORK],
      event => {
        this.#reading(event);
        this.#event(event);
      },
      { replay: REPLAY },
    );
    this.showState();
  }

  /** Shows a topic's events as text. */
  follow(topic) {
    if (!this.#topics.has(topic) && !this.#charts[topic]) {
      // The newest one, so that what is published just now comes whichever is first.
      this.push.subscribe(topic, event => this.#event(event), { replay: 1 });
      this.#topics.add(topic);
    }
  }

  showState() {
    const { state } = this.push;
    const { state: label, transport, 'fell-back': fellBack, reconnects } = this.#parts;
    this.element.dataset.status = state.status;
    label.textContent = describe(state);
    if (state.status === 'open') {
      transport.textContent = NAMES[state.transport];
      transport.hidden = false;
      this.element.dataset.transport = state.transport;
      fellBack.hidden = state.transport === this.#first;
      fellBack.textContent = `${NAMES[this.#first]} does not get through here: fell back to ${NAMES[state.transport]}.`;
      if (this.element.dataset.was !== 'open') {
        reconnects.textContent = String(this.#opened++);
      }
    }
    this.element.dataset.was = state.status;
  }

  #reading({ topic, data }) {
    const chart = this.#charts[topic];
    if (topic === CPU) {
      chart.add(data.t, [data.percent]);
    } else if (topic === MEMORY) {
      chart.add(data.t, [data.usedBytes], data.totalBytes);
    } else {
      chart.add(data.t, [data.rxBytesPerSec, data.txBytesPerSec]);
    }
    this.lastReading = Date.now();
    document.getElementById('hint').hidden = true;
  }

  #event({ topic, data }) {
    this.#parts.count.textContent = String(++this.#events);
    this.#parts.cursor.textContent = this.push.cursor || '–';
    this.#parts.cursor.title = this.push.cursor;
    // When a reading was taken is the chart's business.
    this.#line('event', JSON.stringify(this.#charts[topic] ? { ...data, t: undefined } : data), topic);
  }

  #gap({ topic, from, to, reason }) {
    this.#parts.gaps.textContent = String(++this.#gaps);
    this.#line('gap', `gap (${reason}): events after ${from} up to ${to} could not be replayed`, topic);
  }

  #line(kind, text, topic = '') {
    const item = document.createElement('li');
    item.className = kind;
    const name = document.createElement('b');
    name.textContent = topic;
    item.append(name, ` ${text}`);
    item.title = text;
    const { events } = this.#parts;
    if (kind === 'event' && this.#charts[topic]) {
      item.dataset.reading = topic;
    }
    events.prepend(item);
    while (events.children.length > MAX_LINES) {
      // What comes every second is not to push out the rest.
      const readings = events.querySelectorAll('[data-reading]');
      (readings.length > READING_LINES ? readings[readings.length - 1] : events.lastChild).remove();
    }
  }
}

function describe(state) {
  switch (state.status) {
    case 'waiting':
      return `waiting, again in ${Math.max(Math.ceil((state.retryAt - Date.now()) / 1000), 0)} s`;
    case 'closed':
      return `closed: ${state.reason}`;
    case 'connecting':
      return 'connecting…';
    default:
      return state.status;
  }
}

const panels = PANELS.map(panel => new Panel(panel));
document.getElementById('panels').append(...panels.map(({ element }) => element));
const [webSocketPanel] = panels;

const form = document.getElementById('publish');
const published = document.getElementById('published');

function tell(kind, text) {
  published.className = kind;
  published.textContent = text;
}

form.addEventListener('submit', async event => {
  event.preventDefault();
  const fields = new FormData(form);
  const topic = String(fields.get('topic'));
  let data;
  try {
    data = JSON.parse(String(fields.get('data')));
  } catch (error) {
    tell('error', `The data is not JSON: ${error.message}`);
    return;
  }
  try {
    for (const panel of panels) {
      panel.follow(topic);
    }
    const { id } = await webSocketPanel.push.publish(topic, data);
    tell('done', `Published as ${id}`);
  } catch (error) {
    const { transport, state } = webSocketPanel.push;
    const reason = `publishing needs an open WebSocket, and this panel is ${transport ? `on ${NAMES[transport]}` : state.status}`;
    tell('error', `Not published: ${error.code === 'not-connected' ? reason : error.message}.`);
  }
});

for (const panel of panels) {
  panel.follow(form.elements.topic.value);
}

// Ctrl or Cmd with Enter publishes from the text area.
form.addEventListener('keydown', event => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    form.requestSubmit();
  }
});

const began = Date.now();
setInterval(() => {
  for (const panel of panels) {
    if (panel.push.state.status === 'waiting') {
      panel.showState();
    }
  }
  const last = Math.max(began - QUIET_MS / 2, ...panels.map(panel => panel.lastReading));
  document.getElementById('hint').hidden = Date.now() - last < QUIET_MS;
}, 500);
