import { messageOf, PetitError } from '@petit/model';
import type { ServerAddress } from './server-address.js';

const IN_WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was closed',
  EPIPE: 'the connection was closed',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the name of the host cannot be looked up now',
  EHOSTUNREACH: 'no way to that host',
  ENETUNREACH: 'no way to that network',
  ETIMEDOUT: 'no answer in time',
  ABORT_ERR: 'no answer in time',
};

/** LEADER_UNREACHABLE, with the address and what was met there; what has a code already is handed back as it is. */
export function unreachable(address: ServerAddress, cause: unknown): PetitError {
  if (cause instanceof PetitError) return cause;
  return new PetitError(
    'LEADER_UNREACHABLE',
    `no leader answered at ${address.text}: ${inWords(cause)}`,
    { cause, details: { server: address.text } },
  );
}

function inWords(cause: unknown): string {
  // A host with several addresses fails with an AggregateError that has no message of its own.
  const first: unknown = cause instanceof AggregateError ? cause.errors[0] : cause;
  return IN_WORDS[codeOf(first)] ?? messageOf(first);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
