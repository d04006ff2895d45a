import type { FastifyReply, FastifyRequest } from 'fastify';

// Browsers keep cookies by host, not by port: two leaders on one machine must not log each other out.
function cookieName(request: FastifyRequest): string {
  return `petit_session_${request.socket.localPort}`;
}

/** The session id that a request's cookie names, or null. */
export function readSessionCookie(request: FastifyRequest): string | null {
  const name = cookieName(request);
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [key, value] = part.trim().split('=', 2);
    if (key === name && value !== undefined && value !== '') return value;
  }
  return null;
}

/** Hands a session id to the browser: out of reach of scripts, and never sent by a page of another site. */
export function writeSessionCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  session: { readonly id: string; readonly lifetimeMs: number },
): void {
  const maxAge = Math.floor(session.lifetimeMs / 1_000);
  // Behind a proxy that speaks TLS the page's own origin says so; on plain loopback Secure would lose the cookie.
  const secure = request.headers.origin?.startsWith('https://') === true ? '; Secure' : '';
  reply.header(
    'set-cookie',
    `${cookieName(request)}=${session.id}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAge}${secure}`,
  );
}

/** Makes the browser forget the session id. */
export function clearSessionCookie(request: FastifyRequest, reply: FastifyReply): void {
  reply.header(
    'set-cookie',
    `${cookieName(request)}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`,
  );
}
