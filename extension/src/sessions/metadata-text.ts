/** The metadata that rows show. Whoever starts a session may set them. */
export type ShownMetadata = 'title' | 'branch' | 'worktree';

/** Anybody writes metadata: what is not a text with something in it counts as missing. */
export function metadataText(
  metadata: Readonly<Record<string, unknown>> | undefined,
  key: ShownMetadata,
): string | undefined {
  const value = metadata?.[key];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
