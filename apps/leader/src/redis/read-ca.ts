import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { messageOf, PetitError } from '@petit/model';

// It travels in every invitation.
const MAX_CHARACTERS = 20_000;

/** The authority that signed Redis' certificate, in PEM, from the file of PETIT_REDIS_CA. Throws BAD_SETTINGS. */
export function readCa(path: string): string {
  try {
    const pem = readFileSync(path, 'utf8');
    if (pem.length > MAX_CHARACTERS)
      throw new Error(`it has ${pem.length} characters, wanted at most ${MAX_CHARACTERS}`);
    checkCertificate(pem);
    return pem;
  } catch (error) {
    throw new PetitError(
      'BAD_SETTINGS',
      `PETIT_REDIS_CA=${JSON.stringify(path)}: wanted the certificate of the authority, in PEM; ${messageOf(error)}`,
      { cause: error },
    );
  }
}

/** Throws for what is no certificate. */
function checkCertificate(pem: string): X509Certificate {
  return new X509Certificate(pem);
}
