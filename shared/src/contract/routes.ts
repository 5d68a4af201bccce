import { MACHINE_ROUTES } from './machine-routes.ts';
import type { Route } from './route.ts';
import { SERVICE_ROUTES } from './service-routes.ts';
import { SESSION_ROUTES } from './session-routes.ts';
import { TASK_ROUTES } from './task-routes.ts';

/**
 * Every route there is. The API mounts them from here, OpenAPI is generated from here and the client sends
 * from here. The paths also answer without `/api`, and `PUT` means what `PATCH` means.
 */
export const ROUTES = {
  ...SESSION_ROUTES,
  ...TASK_ROUTES,
  ...MACHINE_ROUTES,
  ...SERVICE_ROUTES,
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof ROUTES;
