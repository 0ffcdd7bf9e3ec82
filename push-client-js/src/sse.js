/** Greater than any message of the protocol: what comes without end must not fill the memory. */
const MAX_BLOCK = 1 << 20;

/**
 * An incremental parser of `text/event-stream` (HTML standard, "Interpreting an event stream"). Blocks without data are told too
 * when they have an `id`: the service's heartbeats are of that form.
 *
 * @typedef {{event: string, data: string | undefined, id: string | undefined}} Block `id` only when this block has one
 *
 * @param {(block: Block) => void} onBlock called in order
 * @returns {(text: string) => void} to be fed with decoded text as it comes; throws a RangeError when a block has more than
 *   about 1 Mi characters
 */
export function sseParser(onBlock) {
  let rest = '';
  let cutInTwo = false;
  let size = 0;
  let event = '';
  /** @type {string[]} */
  let data = [];
  /** @type {string | undefined} */
  let id;

  const dispatch = () => {
    if (data.length || id !== undefined) {
      onBlock({ event: event || 'message', data: data.length ? data.join('\n') : undefined, id });
    }
    size = 0;
    event = '';
    data = [];
    id = undefined;
  };

  /** @param {string} line */
  const field = line => {
    const [, name, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (name === 'data') {
      data.push(value);
    } else if (name === 'event') {
      event = value;
    } else if (name === 'id' && !value.includes('\0')) {
      id = value;
    }
  };

  return text => {
    size += text.length;
    // The line feed of a CRLF that was cut in two.
    const lines = (rest + (cutInTwo ? text.replace(/^\n/, '') : text)).split(/\r\n|\r|\n/);
    cutInTwo = text ? text.endsWith('\r') : cutInTwo;
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line) {
        field(line);
      } else {
        dispatch();
      }
    }
    if (size > MAX_BLOCK) {
      throw new RangeError('event too large');
    }
  };
}
