/** What does the same as the page, by other means. */

const quoted = text => `'${text.replaceAll("'", "'\\''")}'`;

/** @returns [title, code] of each */
export function samples({ origin, topics, cursor, token }) {
  const query = new URLSearchParams(topics.map(topic => ['topic', topic]));
  if (cursor) {
    query.set('cursor', cursor);
  }
  // Both may stand in a query as they are (RFC 3986 §3.4), and read better so.
  const url = `${origin}/subscribe?${query}`.replaceAll('%3A', ':').replaceAll('%2F', '/');
  const bearer = token ? ` -H ${quoted('Authorization: Bearer TOKEN')}` : '';
  const withToken = token ? `${url}&access_token=TOKEN` : url;
  const options = token ? ", { token: () => fetch('/token').then(answer => answer.text()) }" : '';
  const list = JSON.stringify(topics.length === 1 ? topics[0] : topics);
  const since = cursor ? `, { since: '${cursor}' }` : '';
  return [
    ['curl, as a stream', `curl -N -H 'Accept: text/event-stream'${bearer} ${quoted(url)}`],
    ['curl, one long-poll', `curl${bearer} ${quoted(url)}`],
    [
      'EventSource',
      `const source = new EventSource(${JSON.stringify(withToken)});
source.onmessage = ({ data }) => console.log(JSON.parse(data));
source.addEventListener('gap', ({ data }) => console.log('gap', JSON.parse(data)));`,
    ],
    [
      'The client',
      `import { connect } from '${origin}/client.js';

const push = connect('${origin}'${options});
push.subscribe(${list}, event => console.log(event)${since});
push.on('gap', gap => console.log('gap', gap));`,
    ],
  ];
}
