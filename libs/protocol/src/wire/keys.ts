import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';

/** An Ed25519 pair; `publicText` is the raw public key in base64url, as records hold it. */
export interface SigningKey {
  readonly privateKey: KeyObject;
  readonly publicText: string;
}

/** Makes a new Ed25519 pair. */
export function generateSigningKey(): SigningKey {
  return signingKeyOf(generateKeyPairSync('ed25519').privateKey);
}

/** The private half as PEM (PKCS #8), for a 0600 file. */
export function exportSigningKey(key: SigningKey): string {
  return key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Reads what `exportSigningKey` wrote; throws when the text is no Ed25519 key. */
export function importSigningKey(pem: string): SigningKey {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('expected an Ed25519 private key');
  return signingKeyOf(key);
}

/** The public key of a base64url text, or null when it is none. */
export function importPublicKey(text: string): KeyObject | null {
  if (!/^[A-Za-z0-9_-]{43}$/.test(text)) return null;
  try {
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: text }, format: 'jwk' });
  } catch {
    return null;
  }
}

/** A short name of a public key for people to compare: the first 16 hex digits of its SHA-256. */
export function fingerprint(publicText: string): string {
  return createHash('sha256').update(publicText).digest('hex').slice(0, 16);
}

/** What a signature is for: it is part of what is signed, so that one kind never passes for another. */
export type SignedKind =
  | 'envelope'
  | 'report'
  | 'beat'
  | 'announcement'
  | 'member'
  | 'definition'
  | 'definition-set';

/** Signs `body` as `kind`; base64url. */
export function signText(key: SigningKey, kind: SignedKind, body: string): string {
  return sign(null, Buffer.from(`petit:${kind}:1\n${body}`), key.privateKey).toString('base64url');
}

/** Whether `signature` is `publicKey`'s for `body` as `kind`. */
export function verifyText(
  publicKey: KeyObject,
  kind: SignedKind,
  signed: { readonly body: string; readonly signature: string },
): boolean {
  const bytes = Buffer.from(signed.signature, 'base64url');
  return (
    bytes.length === 64 &&
    verify(null, Buffer.from(`petit:${kind}:1\n${signed.body}`), publicKey, bytes)
  );
}

function signingKeyOf(privateKey: KeyObject): SigningKey {
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  if (x === undefined) throw new Error('an Ed25519 key without a public half');
  return { privateKey, publicText: x };
}
