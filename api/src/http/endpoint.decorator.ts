import { ROUTES, type Route } from '@claude-projects/shared/contract';
import { applyDecorators, Body, HttpCode, Query, RequestMapping, RequestMethod } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import * as z from 'zod/mini';

type RouteName = keyof typeof ROUTES;

/** What the contract says of a route, for the hooks that see a request before its handler does. */
export interface EndpointConfig {
  access: Route['access'];
  conditional: boolean;
  /** The path parameter that names who sends a heartbeat, on the routes that take one. */
  pulseOf: 'sessionId' | 'machineId' | undefined;
}

/** Mounts a handler at a route of the contract: method, path, status and who may call it come from there. */
export function Endpoint(name: RouteName): MethodDecorator {
  const route: Route = ROUTES[name];
  return applyDecorators(
    RequestMapping({ method: RequestMethod[route.method], path: route.path }),
    HttpCode(firstStatusOf(route)),
    RouteConfig(endpointConfig(route)),
  );
}

export function endpointConfig(route: Route): EndpointConfig {
  return {
    access: route.access,
    conditional: route.conditional === true,
    pulseOf: (['sessionId', 'machineId'] as const).find((name) => route.path.endsWith(`/:${name}/heartbeat`)),
  };
}

/** The body of a route, checked and typed by the contract. */
export function RouteBody(name: RouteName): ParameterDecorator {
  const route: Route = ROUTES[name];
  if (!route.body) throw new Error(`${name} has no body`);
  return Body({ schema: route.bodyOptional ? emptyObjectWhenAbsent(route.body) : route.body });
}

export function RouteQuery(name: RouteName): ParameterDecorator {
  const route: Route = ROUTES[name];
  if (!route.query) throw new Error(`${name} has no query`);
  return Query({ schema: route.query });
}

function emptyObjectWhenAbsent(schema: z.ZodMiniType): z.ZodMiniType {
  return z.pipe(
    z.transform((body: unknown): unknown => body ?? {}),
    schema,
  );
}

function firstStatusOf(route: Route): number {
  for (const status of [201, 204, 200] as const) {
    if (status in route.replies) return status;
  }
  throw new Error(`${route.path} has no reply`);
}
