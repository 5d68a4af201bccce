/**
 * Text of another program, made fit for a record. A report of failure is not turned away because its message is too
 * long or has a stray character in it.
 */
export function saneText(text: unknown, maxLength: number): string | undefined {
  const given = text instanceof Error ? text.message : text;
  if (typeof given !== 'string') return undefined;
  const whole = given.replaceAll('\0', '').toWellFormed().trim();
  if (whole === '') return undefined;
  return whole.length <= maxLength
    ? whole
    : `${whole
        .slice(0, maxLength - 1)
        .toWellFormed()
        .trimEnd()}…`;
}
