import type { RedisAddress } from '@petit/protocol';
import { askBare } from './ask-bare.js';

/** Of OpenSSL and Node: a certificate that no waiting makes good. One out of date is not here: a clock may be wrong. */
const DISTRUST: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/**
 * Why a connection to Redis fails however often it is tried, as the end of the sentence "Redis at ... cannot be used:";
 * null when waiting may mend it.
 */
export function refusalOf(error: Error): string | null {
  if ('code' in error && typeof error.code === 'string' && DISTRUST.has(error.code))
    return `its certificate is not trusted (${error.message})`;
  const [word = ''] = error.message.split(' ', 1);
  switch (word) {
    case 'NOAUTH':
      return 'it wants a password, and none was given (NOAUTH)';
    case 'WRONGPASS':
      return 'it does not take this user and password (WRONGPASS)';
    case 'NOPERM':
      return `its user may not do what is needed (${error.message})`;
    default:
      return null;
  }
}

/**
 * The same for a connection that was closed without an error: in protected mode Redis says so in a way that its client
 * does not tell on.
 */
export async function refusalBehind(address: RedisAddress): Promise<string | null> {
  const answer = await askBare(address);
  return answer?.startsWith('-DENIED') === true
    ? 'it answers other machines only when it has a password (protected mode)'
    : null;
}
