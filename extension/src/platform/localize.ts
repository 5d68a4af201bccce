/** Puts a sentence into the reader's language, with the arguments for `{0}`, `{1}` …; shaped like the editor's. */
export type Localize = (message: string, ...args: (string | number | boolean)[]) => string;

/** The sentences as they are in the code. */
export const inEnglish: Localize = (message, ...args) =>
  message.replace(/\{(\d+)\}/g, (placeholder, index: string) => String(args[Number(index)] ?? placeholder));
