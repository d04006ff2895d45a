import { PetitError } from '@petit/model';

/** Where a leader is asked: `http(s)://host:port` and perhaps a path in front of `/api`. */
export interface ServerAddress {
  readonly base: URL;
  /** As shown to people, without the last slash. */
  readonly text: string;
}

/** Reads an address; throws BAD_REQUEST for what is none. Credentials in it are refused: a token has its own place. */
export function parseServerAddress(text: string): ServerAddress {
  const base = URL.canParse(text) ? new URL(text) : null;
  if (base === null || !['http:', 'https:'].includes(base.protocol)) {
    throw refused(text, 'wanted an address such as http://127.0.0.1:8565');
  }
  if (base.username !== '' || base.password !== '') {
    throw refused(
      `${base.protocol}//***@${base.host}`,
      'an address carries no user and no password',
    );
  }
  if (base.search !== '' || base.hash !== '')
    throw refused(text, 'an address has no "?" and no "#"');
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  return { base, text: base.href.replace(/\/$/, '') };
}

function refused(text: string, wanted: string): PetitError {
  return new PetitError('BAD_REQUEST', `server ${JSON.stringify(text)}: ${wanted}`);
}
