/** Of this program; a test compares it with package.json. */
export const VERSION = '0.1.0';

/**
 * When this version was made: no clock that tells an earlier time is right, and no tick is decided by it. The date of
 * the version in CHANGELOG.md, or, before its release, of a day on which it was worked on; a test compares the two.
 */
export const RELEASED_AT: number = Date.UTC(2026, 10, 24);
