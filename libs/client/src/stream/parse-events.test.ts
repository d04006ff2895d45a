import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEvents, type ServerEvent } from './parse-events.js';

async function parsed(text: string, partBytes: number): Promise<(ServerEvent | null)[]> {
  async function* parts(): AsyncGenerator<Uint8Array> {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += partBytes) yield bytes.subarray(at, at + partBytes);
  }
  const events: (ServerEvent | null)[] = [];
  for await (const event of parseEvents(parts())) events.push(event);
  return events;
}

const STREAM =
  ': hello\n\nevent: run\r\ndata: {"a":"ä"}\r\n\r\nid: 3\ndata:x\ndata: y\n\ndata: cut off';

test('events come out the same however the bytes are cut, a comment as null, a cut-off one not', async () => {
  for (const partBytes of [1, 2, 3, 7, 1000]) {
    assert.deepEqual(await parsed(STREAM, partBytes), [
      null,
      { event: 'run', data: '{"a":"ä"}' },
      { event: 'message', data: 'x\ny' },
    ]);
  }
});

test('blank lines and events without data are no events', async () => {
  assert.deepEqual(await parsed('\n\n\nevent: run\n\n', 4), []);
});
