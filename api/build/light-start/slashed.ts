/** The name of a module with slashes, whatever this system puts between folders. */
export const slashed = (id: string): string => id.replaceAll('\\', '/');
