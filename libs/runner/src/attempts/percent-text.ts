/** Writes text so that it has no space, line feed or byte beyond ASCII. */
export function encodePercent(text: string): string {
  return encodeURIComponent(text);
}

/** Reads percent-encoded bytes as UTF-8; bytes that are none become U+FFFD. */
export function decodePercent(text: string): string {
  const latin1 = text.replace(/%([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(latin1, 'latin1').toString('utf8');
}
