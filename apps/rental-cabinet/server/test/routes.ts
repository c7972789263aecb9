import { RequestMethod } from '@nestjs/common';
import type { INestApplicationContext } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';

/** A route of a running application. */
export interface Route {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** With its parameters: `/api/receipts/:id`. */
  path: string;
}

const methods: Readonly<Partial<Record<RequestMethod, Route['method']>>> = {
  [RequestMethod.GET]: 'get',
  [RequestMethod.POST]: 'post',
  [RequestMethod.PUT]: 'put',
  [RequestMethod.PATCH]: 'patch',
  [RequestMethod.DELETE]: 'delete',
};

const joined = (...parts: string[]): string =>
  `/${parts
    .map((part) => part.replace(/^\/+|\/+$/g, ''))
    .filter(Boolean)
    .join('/')}`;

/** Every route below `/api/` that the application's controllers answer, read from the running application itself. */
export function routesOf(app: INestApplicationContext): Route[] {
  const routes: Route[] = [];
  for (const module of app.get(ModulesContainer).values())
    for (const { metatype } of module.controllers.values()) {
      if (typeof metatype !== 'function') continue;
      const base = Reflect.getMetadata('path', metatype) as string | string[] | undefined;
      const prototype = metatype.prototype as Record<string, unknown>;
      for (const name of Object.getOwnPropertyNames(prototype)) {
        const handler = prototype[name];
        if (typeof handler !== 'function' || name === 'constructor') continue;
        const method = methods[Reflect.getMetadata('method', handler) as RequestMethod];
        if (!method) continue;
        for (const head of [base ?? ''].flat())
          for (const tail of [Reflect.getMetadata('path', handler) as string | string[]].flat())
            routes.push({ method, path: joined(head, tail) });
      }
    }
  return routes.filter(({ path }) => path.startsWith('/api/'));
}
