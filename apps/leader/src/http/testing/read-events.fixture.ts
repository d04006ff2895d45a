import { request as startRequest, type IncomingMessage } from 'node:http';
import { waitFor } from '@petit/testkit';

export interface SseEvent {
  readonly kind: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A reader of server-sent events. */
export interface EventReader extends Disposable {
  readonly response: IncomingMessage;
  readonly events: readonly SseEvent[];
  /** Whether the server has ended or cut the stream. */
  readonly closed: boolean;
  /** The first event that fits, waited for. */
  next(kind: string, fits?: (data: SseEvent['data']) => boolean): Promise<SseEvent['data']>;
}

/** Opens a stream; rejects when it is refused, with the status in the message. */
export async function readEvents(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<EventReader> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    startRequest(url, { headers, agent: false }).on('response', resolve).on('error', reject).end();
  });
  if (response.statusCode !== 200) {
    response.destroy();
    throw new Error(`stream refused with ${response.statusCode}`);
  }
  const events: SseEvent[] = [];
  let [rest, closed] = ['', false];
  response.setEncoding('utf8');
  response.on('data', (text: string) => {
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop() ?? '';
    events.push(...blocks.flatMap(parseBlock));
  });
  response.on('close', () => (closed = true));
  response.on('error', () => (closed = true));
  return {
    response,
    events,
    get closed() {
      return closed;
    },
    next: async (kind, fits = () => true) => {
      const event = await waitFor(() => events.find((one) => one.kind === kind && fits(one.data)), {
        what: `an event "${kind}"`,
      });
      return event.data;
    },
    [Symbol.dispose]: () => response.destroy(),
  };
}

function parseBlock(block: string): readonly SseEvent[] {
  const lines = block.split('\n');
  const kind = lines.find((line) => line.startsWith('event: '))?.slice('event: '.length);
  const data = lines.find((line) => line.startsWith('data: '))?.slice('data: '.length);
  if (kind === undefined || data === undefined) return [];
  return [{ kind, data: JSON.parse(data) as SseEvent['data'] }];
}
