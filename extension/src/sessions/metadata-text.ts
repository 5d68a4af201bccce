/** The metadata that rows show. Whoever starts a session may set them. */
export type ShownMetadata = 'title' | 'branch' | 'worktree';

/** Anybody may write metadata, so a value that is not a text, or an empty text, counts as missing. */
export function metadataText(
  metadata: Readonly<Record<string, unknown>> | undefined,
  key: ShownMetadata,
): string | undefined {
  const value = metadata?.[key];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
