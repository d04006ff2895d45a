/** The time zone of this machine, or `UTC` when it has none with a name. */
export function localZone(): string {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  // The runtime says this, or nothing, when TZ is not the name of a zone.
  return timeZone === undefined || timeZone === 'Etc/Unknown' ? 'UTC' : timeZone;
}
