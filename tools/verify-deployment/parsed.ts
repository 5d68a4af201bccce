interface Schema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false };
}

/** What a reply says, if it says what the schema wants. */
export function parsed<T>(schema: Schema<T>, text: string): T | undefined {
  const result = schema.safeParse(jsonOf(text));
  return result.success ? result.data : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
