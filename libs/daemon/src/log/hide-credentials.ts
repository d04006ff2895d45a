/**
 * An address as it may be logged or shown: the password of `scheme://user:password@host` is hidden. Up to the last `@`,
 * since in a password that was not escaped anything may stand.
 */
export function hideCredentials(address: string): string {
  return address.replace(/^([a-z][a-z0-9+.-]*:\/\/[^/@:]*):.*@/i, '$1:***@');
}
