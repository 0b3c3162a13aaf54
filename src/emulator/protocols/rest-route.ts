import type { OperationModel, ServiceModel } from '../models/model.ts';

/** What a path is about: the service, a bucket or an object. */
export type ResourceKind = 'service' | 'bucket' | 'object';

interface Route {
  name: string;
  /** Undefined for an operation that the engine does not have. */
  operation: OperationModel | undefined;
  /** Query parameters written in the URI: name and, where there is one, value. */
  literals: [name: string, value: string | undefined][];
  /** Query parameters and headers without which it is another operation (UploadPart, CopyObject). */
  query: string[];
  headers: string[];
}

export type RouteFinder = (
  method: string,
  kind: ResourceKind,
  query: ReadonlyMap<string, string>,
  headers: Record<string, string | undefined>,
) => { name: string; operation: OperationModel | undefined } | undefined;

/** Finds the operation of a request: of those whose method, path and parameters fit, the most particular. */
export function routeFinder(model: ServiceModel): RouteFinder {
  const routes = new Map<string, Route[]>();
  const add = (method: string, uri: string, route: Omit<Route, 'literals'>) => {
    const literals = literalsOf(uri);
    const key = `${method} ${kindOf(uri)}`;
    routes.set(key, [...(routes.get(key) ?? []), { ...route, literals }]);
  };
  const uris = new Set<string>();
  for (const operation of model.operations.values()) {
    const { method, requestUri } = operation.http;
    uris.add(`${method} ${requestUri}`);
    add(method, requestUri, { name: operation.name, operation, ...discriminators(model, operation) });
  }
  for (const [name, uri] of model.otherRoutes) {
    const [method = '', path = ''] = uri.split(' ');
    // Without a parameter of its own it could only shadow what is there.
    if (!uris.has(uri) && path.includes('?')) add(method, path, { name, operation: undefined, query: [], headers: [] });
  }
  for (const list of routes.values()) list.sort((a, b) => weight(b) - weight(a));
  return (method, kind, query, headers) =>
    routes.get(`${method} ${kind}`)?.find((route) => matches(route, query, headers));
}

function matches(route: Route, query: ReadonlyMap<string, string>, headers: Record<string, string | undefined>) {
  for (const [name, value] of route.literals) {
    const given = query.get(name);
    if (given === undefined || (value !== undefined && given !== value)) return false;
  }
  for (const name of route.query) if (!query.has(name)) return false;
  for (const name of route.headers) if (headers[name] === undefined) return false;
  return true;
}

const weight = ({ literals, query, headers }: Route) => literals.length + query.length + headers.length;

function kindOf(uri: string): ResourceKind {
  const path = uri.split('?', 1)[0]!;
  if (path === '/') return 'service';
  return path.includes('{Key+}') ? 'object' : 'bucket';
}

function literalsOf(uri: string): Route['literals'] {
  const search = uri.split('?')[1];
  if (search === undefined) return [];
  return search.split('&').map((pair) => {
    const [name = '', value] = pair.split('=');
    return [name, value];
  });
}

function discriminators(model: ServiceModel, operation: OperationModel): Pick<Route, 'query' | 'headers'> {
  const shape = operation.input === undefined ? undefined : model.shape(operation.input);
  const found: Pick<Route, 'query' | 'headers'> = { query: [], headers: [] };
  for (const name of shape?.required ?? []) {
    const { location, locationName } = shape!.members![name]!;
    if (location === 'querystring') found.query.push(locationName!);
    if (locationName === 'x-amz-copy-source') found.headers.push(locationName);
  }
  return found;
}
