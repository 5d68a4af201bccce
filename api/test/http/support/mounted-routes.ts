import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** Routes of the contract that nothing answers yet. Whoever mounts one takes it off this list. */
export const NOT_MOUNTED_YET: readonly string[] = [];

export interface MountedRoute {
  method: string;
  path: string;
}

/**
 * The routes that Fastify really answers, read from the tree it prints: each line holds a piece of a path, four
 * columns deeper for each level, and the methods of the route that ends there.
 */
export function mountedRoutes(app: NestFastifyApplication): MountedRoute[] {
  const tree = app.getHttpAdapter().getInstance().printRoutes({ commonPrefix: false });
  const pieces: string[] = [];
  const routes: MountedRoute[] = [];
  for (const line of tree.split('\n')) {
    const parsed = /^((?:[│ ] {3})*)[├└]── (\S*)(?: \(([A-Z, ]+)\))?/.exec(line);
    if (!parsed) {
      if (line.trim() === '') continue;
      throw new Error(`not a line of a route tree: ${line}`);
    }
    const [, indent = '', piece = '', methods] = parsed;
    pieces.splice(indent.length / 4, Infinity, piece);
    for (const method of methods?.split(', ') ?? []) routes.push({ method, path: pieces.join('') });
  }
  return routes;
}
