/**
 * Text of another program, made fit for a record. A report of failure is not turned away because its message is too
 * long or has a stray character in it.
 */
export function saneText(text: unknown, maxLength: number): string | undefined {
  if (text === undefined || text === null) return undefined;
  const whole = String(text).replaceAll('\0', '').toWellFormed().trim();
  if (whole === '') return undefined;
  return whole.length <= maxLength
    ? whole
    : `${whole
        .slice(0, maxLength - 1)
        .toWellFormed()
        .trimEnd()}…`;
}
