import type { Setting } from '@petit/daemon';
import { parseRedisSocket } from '@petit/protocol';

/** Where Redis is: `unix:/path`, `unix://:password@/path`, `redis://:password@host:port` or, with TLS, `rediss://...`. */
export function redisUrlSetting(variable: string, fallback: string): Setting<string> {
  return { variable, parse: (text = fallback) => (isRedisUrl(text) ? valueOf(text) : WRONG) };
}

/** The same where it may be absent: null then. */
export function optionalRedisUrlSetting(variable: string): Setting<string | null> {
  return {
    variable,
    parse: (text) => (text === undefined || isRedisUrl(text) ? valueOf(text ?? null) : WRONG),
  };
}

const WRONG = {
  kind: 'wrong',
  wanted:
    'wanted unix:/path, unix://:password@/path, redis://:password@host:port or rediss://:password@host:port; in a password write / as %2F, @ as %40, : as %3A and % as %25',
} as const;

function isRedisUrl(text: string): boolean {
  if (text.startsWith('unix:')) return parseRedisSocket(text) !== null;
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return ['redis:', 'rediss:'].includes(protocol) && hostname !== '';
}

function valueOf<Value>(value: Value): { readonly kind: 'value'; readonly value: Value } {
  return { kind: 'value', value };
}
