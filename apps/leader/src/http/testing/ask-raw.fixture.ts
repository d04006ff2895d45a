import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { TOKEN, type Answer, type TestHttp } from './start-http.fixture.js';

/** Sends a request as the bytes it is written in, which no HTTP client would do, and reads the status. */
export function askRaw(
  http: TestHttp,
  request: { readonly line: string; readonly headers?: readonly string[]; readonly body?: string },
): Promise<{ readonly status: number }> {
  const { port } = new URL(http.server.address);
  const { line, headers = [], body = '' } = request;
  const head = [line, 'Host: 127.0.0.1', 'Connection: close', ...headers].join('\r\n');
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1');
    let text = '';
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
      if (status === undefined) return;
      socket.destroy();
      resolve({ status: Number(status) });
    });
    socket.on('error', (error) => {
      if (text === '') reject(error);
    });
    socket.on('close', () => reject(new Error(`closed without an answer to ${line}`)));
    socket.write(`${head}\r\n\r\n${body}`);
  });
}

/** Logs in as the page does; the answer is the cookie as the browser sends it. */
export async function logIn(http: TestHttp): Promise<string> {
  const { status, headers } = await http.ask('/api/v1/login', {
    method: 'POST',
    body: { token: TOKEN },
  });
  assert.equal(status, 204);
  const [cookie = ''] = headers['set-cookie'] ?? [];
  assert.match(cookie, /; Path=\/; HttpOnly; SameSite=Strict; Max-Age=604800$/);
  return cookie.slice(0, cookie.indexOf(';'));
}

/** The error body of an answer. */
export function errorOf(answer: Answer): { readonly error: string; readonly code: string } {
  return JSON.parse(answer.text) as { error: string; code: string };
}
