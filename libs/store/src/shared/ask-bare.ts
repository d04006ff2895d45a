import { createConnection } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { parseRedisSocket, type RedisAddress } from '@petit/protocol';

const TIMEOUT_MS = 3_000;
const DEFAULT_PORT = 6379;
const LONGEST_LINE = 2_000;

/**
 * The first line with which Redis answers a PING of somebody who gives no password: `+PONG`, `-NOAUTH ...`,
 * `-DENIED ...`; null when none comes within 3 s. By hand, since a client takes what is refused for a lost connection.
 */
export async function askBare(address: RedisAddress): Promise<string | null> {
  const socket = openSocket(address);
  socket.setTimeout(TIMEOUT_MS, () => socket.destroy());
  socket.write('PING\r\n');
  let text = '';
  try {
    for await (const part of socket) {
      text += String(part);
      const end = text.indexOf('\r\n');
      if (end >= 0) return text.slice(0, end);
      if (text.length > LONGEST_LINE) return null;
    }
    return null;
  } catch {
    return null;
  } finally {
    // Whatever else comes of it, a handshake that is broken off among it, is nobody's concern.
    socket.on('error', () => undefined).destroy();
  }
}

function openSocket({ url, ca }: RedisAddress): ReturnType<typeof createConnection> {
  const socket = parseRedisSocket(url);
  if (socket !== null) return createConnection({ path: socket.path });
  const { hostname, port, protocol } = new URL(url);
  const place = {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? DEFAULT_PORT : Number(port),
  };
  if (protocol !== 'rediss:') return createConnection(place);
  return connectTls({ ...place, ...(ca === null ? {} : { ca }) });
}
