/** One server-sent event. */
export interface ServerEvent {
  readonly event: string;
  readonly data: string;
}

const MAX_LINE_CHARACTERS = 64 * 1024 * 1024;

/**
 * Takes a stream of server-sent events apart, as https://html.spec.whatwg.org/multipage/server-sent-events.html has it;
 * of its fields `event` and `data` are read. Comments, which keep a connection alive, come out as null, so that a reader
 * sees that the server lives. An event that is cut off by the end of the stream is dropped.
 */
export async function* parseEvents(
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<ServerEvent | null, void> {
  let event = '';
  let data: string[] = [];
  for await (const line of linesOf(bytes)) {
    if (line === '') {
      if (data.length > 0) yield { event: event === '' ? 'message' : event, data: data.join('\n') };
      event = '';
      data = [];
    } else if (line.startsWith(':')) yield null;
    else if (line.startsWith('event:')) event = valueOf(line, 'event:');
    else if (line.startsWith('data:')) data.push(valueOf(line, 'data:'));
  }
}

function valueOf(line: string, field: string): string {
  const value = line.slice(field.length);
  return value.startsWith(' ') ? value.slice(1) : value;
}

async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const part of bytes) {
    rest += decoder.decode(part, { stream: true });
    // A lone CR at the end may be the first half of a CR LF.
    const whole = rest.endsWith('\r') ? rest.slice(0, -1) : rest;
    const lines = whole.split(/\r\n|\r|\n/);
    rest = (lines.pop() ?? '') + rest.slice(whole.length);
    if (rest.length > MAX_LINE_CHARACTERS) throw new Error('a line of the event stream has no end');
    yield* lines;
  }
}
