import { connect } from '/client.js';
import { samples } from '/samples.js';
import { Spy } from '/spy.js';

const MAX_LINES = 200;
const MAX_TEXT = 2000;
const NAMES = { websocket: 'WebSocket', sse: 'SSE', 'long-poll': 'long-poll', http: 'HTTP' };

const $ = id => document.getElementById(id);
const counts = { count: 0, gaps: 0, connects: 0 };
/** Subscriptions, by topic. */
const subscriptions = new Map();
/** @type {import('/client.js').Push | undefined} */
let push;
/** Where the last connection was, for the next one. */
let cursor = '';
let countdown;

const spy = new Spy((direction, transport, text) =>
  line('frames', direction, `${{ in: '←', out: '→', note: '·' }[direction]} ${NAMES[transport]}`, text),
);

function line(list, kind, title, text) {
  const item = document.createElement('li');
  item.className = kind;
  const time = document.createElement('time');
  time.textContent = new Date().toISOString().slice(11, 23);
  const name = document.createElement('b');
  name.textContent = title;
  const body = document.createElement('span');
  body.textContent = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  item.append(time, name, body);
  const target = $(list);
  target.prepend(item);
  if (target.childElementCount > MAX_LINES) {
    target.lastElementChild.remove();
  }
}

function count(name) {
  $(name).textContent = ++counts[name];
}

function showState() {
  const state = push?.state ?? { status: 'none' };
  document.body.dataset.status = state.status;
  clearInterval(countdown);
  const texts = {
    none: () => 'not connected',
    connecting: () => (subscriptions.size ? 'connecting' : 'waiting for a topic'),
    open: () => 'open',
    waiting: () => `next try in ${Math.max(0, (state.retryAt - Date.now()) / 1000).toFixed(1)} s: ${state.error.message}`,
    closed: () => `closed: ${state.reason}`,
  };
  const show = () => {
    $('state').textContent = texts[state.status]();
  };
  show();
  if (state.status === 'waiting') {
    countdown = setInterval(show, 100);
  }
  $('transport').hidden = state.status !== 'open';
  $('transport').textContent = NAMES[state.transport] ?? '';
  document.body.dataset.transport = state.transport ?? '';
  $('close').disabled = !push || state.status === 'closed';
}

function showPlace() {
  cursor = push?.cursor || cursor;
  $('cursor').textContent = cursor || '–';
  const topics = subscriptions.size ? [...subscriptions.keys()] : ['demo/notes'];
  const token = $('connect').elements.token.value;
  for (const [i, [, code]] of samples({ origin: location.origin, topics, cursor, token }).entries()) {
    $('code').children[i].querySelector('code').textContent = code;
  }
}

function showTopics() {
  $('topics').replaceChildren(
    ...[...subscriptions].map(([topic, { end }]) => {
      const item = document.createElement('li');
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'plain small';
      button.textContent = '×';
      button.setAttribute('aria-label', `Unsubscribe ${topic}`);
      button.addEventListener('click', end);
      item.append(topic, button);
      return item;
    }),
  );
  showState();
  showPlace();
}

function subscribe(topic, options) {
  const subscription = push.subscribe(
    topic,
    event => {
      count('count');
      line('events', 'event', event.topic, JSON.stringify(event.data));
    },
    options,
  );
  subscriptions.set(topic, {
    end() {
      subscription.unsubscribe();
      subscriptions.delete(topic);
      showTopics();
    },
  });
}

function open() {
  push?.close();
  const { token, transport } = $('connect').elements;
  push = connect('/', {
    token: token.value || undefined,
    transports: transport.value ? [transport.value] : undefined,
    WebSocket: spy.WebSocket,
    fetch: spy.fetch,
    upgradeMs: 10_000,
  });
  push.on('state', state => {
    if (state.status === 'open') {
      count('connects');
    }
    const more = state.transport ? `over ${NAMES[state.transport]}` : (state.error?.message ?? '');
    line('events', `state ${state.status}`, state.status, more);
    showState();
  });
  push.on('subscribed', ({ topics }) => line('events', 'state', 'live', topics.join(' ')));
  push.on('gap', ({ topic, from, to, reason }) => {
    count('gaps');
    line('events', 'gap', `gap ${topic}`, `${reason}: after ${from} up to ${to}`);
  });
  push.on('error', error => {
    line('events', 'error', error.code, `${error.message} ${error.topic ?? ''}`);
    if (error.topic && ['forbidden', 'unauthenticated', 'invalid-topic'].includes(error.code)) {
      subscriptions.delete(error.topic);
      showTopics();
    }
  });
  const topics = [...subscriptions.keys()];
  for (const topic of topics) {
    subscribe(topic, { since: cursor || undefined });
  }
  showTopics();
}

/** Runs it, and shows what it throws. */
const trying = task => async event => {
  event?.preventDefault();
  try {
    await task(event);
  } catch (error) {
    line('events', 'error', error.code ?? error.name, error.message);
  }
};

$('connect').addEventListener('submit', trying(open));
$('close').addEventListener(
  'click',
  trying(() => push.close()),
);
$('cut').addEventListener('click', () => spy.cut());
$('cut-while').addEventListener('click', () => {
  spy.blocked.add('everything');
  $('cut-while').disabled = true;
  spy.cut();
  setTimeout(() => {
    spy.blocked.delete('everything');
    $('cut-while').disabled = false;
    dispatchEvent(new Event('online'));
  }, 5000);
});
$('blocks').addEventListener('change', ({ target }) => {
  spy.blocked[target.checked ? 'add' : 'delete'](target.value);
  if (target.checked) {
    spy.cut();
  }
});

$('subscribe').addEventListener(
  'submit',
  trying(() => {
    const { topics, replay } = $('subscribe').elements;
    if (!push || push.state.status === 'closed') {
      open();
    }
    for (const topic of topics.value.split(/\s+/).filter(name => name && !subscriptions.has(name))) {
      subscribe(topic, { replay: Number(replay.value) });
    }
    showTopics();
  }),
);

async function publish(event, times = 1) {
  event.preventDefault();
  const { topic, data } = $('publish').elements;
  const output = $('published');
  try {
    const value = JSON.parse(data.value);
    let last;
    for (let i = 1; i <= times; i++) {
      last = await push.publish(topic.value, times === 1 ? value : { ...Object(value), number: i });
    }
    output.className = 'done';
    output.textContent = `Published as ${last.id}`;
  } catch (error) {
    output.className = 'error';
    output.textContent = error instanceof SyntaxError ? `This is not JSON: ${error.message}` : error.message;
  }
}
$('publish').addEventListener('submit', event => publish(event));
$('ten').addEventListener('click', event => publish(event, 10));

for (const button of document.querySelectorAll('[data-clear]')) {
  button.addEventListener('click', () => $(button.dataset.clear).replaceChildren());
}

for (const [title] of samples({ origin: '', topics: ['a'] })) {
  const sample = $('sample').content.cloneNode(true);
  sample.querySelector('h3').textContent = title;
  const button = sample.querySelector('button');
  button.setAttribute('aria-label', `Copy: ${title}`);
  const code = sample.querySelector('code');
  button.addEventListener(
    'click',
    trying(async () => {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = 'Copied';
      setTimeout(() => {
        button.textContent = 'Copy';
      }, 1500);
    }),
  );
  $('code').append(sample);
}

$('connect').elements.token.addEventListener('input', showPlace);
setInterval(showPlace, 500);
open();
subscribe('demo/notes', { replay: 5 });
showTopics();
