let format: Intl.DateTimeFormat | undefined;

/** As people here write it: the API's own way is for programs. */
export function localTime(timestamp: string): string {
  // Made once, and not before it is needed: it takes a hundred times as long as what it does.
  format ??= new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  return format.format(Date.parse(timestamp));
}
