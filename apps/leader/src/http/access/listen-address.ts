import { isIP } from 'node:net';
import { PetitError } from '@petit/model';
import type { TokenVerifier } from './api-token.js';

/** Whether only this machine can reach a listener on `host`. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}

/** Throws BAD_SETTINGS for an address beyond loopback while there is no token to ask for (promise P10). */
export function checkListenAddress(host: string, token: TokenVerifier | null): void {
  if (token !== null || isLoopback(host)) return;
  throw new PetitError(
    'BAD_SETTINGS',
    `refused to listen on ${host}: there is no token yet, so only a loopback address (127.0.0.1, ::1) is allowed`,
  );
}

/** Throws BAD_SETTINGS for an address that other machines reach, where whoever comes is let in without the token. */
export function checkTokenlessAddress(host: string): void {
  if (isLoopback(host)) return;
  throw new PetitError(
    'BAD_SETTINGS',
    `refused to listen on ${host} without asking for the token: other machines reach it, so anybody there could start jobs; wanted a loopback address (127.0.0.1, ::1), or clients that send the token`,
  );
}
