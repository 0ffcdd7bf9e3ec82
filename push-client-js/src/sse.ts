/** Greater than any message of the protocol: what comes without end must not fill the memory. */
const MAX_BLOCK = 1 << 20;

export interface Block {
  event: string;
  data: string | undefined;
  /** Only when this block has one. */
  id: string | undefined;
}

/**
 * An incremental parser of `text/event-stream` (HTML standard, "Interpreting an event stream"), of lines that end in LF or CRLF. Blocks
 * without data are told too when they have an `id`: the service's heartbeats are of that form.
 *
 * @param onBlock called in order
 * @returns to be fed with decoded text as it comes; throws a RangeError when a block has more than about 1 Mi characters
 */
export function sseParser(onBlock: (block: Block) => void): (text: string) => void {
  let rest = '';
  return text => {
    const blocks = (rest + text).split(/\r?\n\r?\n/);
    rest = blocks.pop() ?? '';
    if (rest.length > MAX_BLOCK) {
      throw new RangeError();
    }
    for (const block of blocks) {
      let event = 'message';
      let data: string | undefined;
      let id: string | undefined;
      for (const [, name, value = ''] of block.matchAll(/^(\w+)(?:: ?(.*?))?\r?$/gm)) {
        if (name === 'data') {
          data = data == null ? value : `${data}\n${value}`;
        } else if (name === 'event') {
          event = value;
        } else if (name === 'id') {
          id = value;
        }
      }
      if (data != null || id != null) {
        onBlock({ event, data, id });
      }
    }
  };
}
