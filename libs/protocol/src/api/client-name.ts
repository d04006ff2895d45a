/** The header in which a client of the API says who it is: `petit-ctl alice@laptop`. Said, not proved. */
export const CLIENT_NAME_HEADER = 'petit-client';

const MOST_CHARACTERS = 80;
const CLIENT_NAME = /^[\x21-\x7e](?:[\x20-\x7e]{0,78}[\x21-\x7e])?$/;

/** Whether a text may stand in that header: 1 to 80 printable ASCII characters, without a space at either end. */
export function isClientName(text: string): boolean {
  return CLIENT_NAME.test(text);
}

/** A client's name from words that may hold anything: what may not stand in one becomes `?`, what is too long is cut. */
export function clientName(text: string): string {
  const printable = text.replace(/[^\x20-\x7e]/gu, '?').trim();
  return printable === '' ? '?' : printable.slice(0, MOST_CHARACTERS).trimEnd();
}
