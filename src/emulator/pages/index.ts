import { badRequest, ControlError, type ControlRoutes, routeHandler } from '../control/routing.ts';
import type { Engine } from '../core/engine.ts';
import { AwsError } from '../core/errors.ts';
import type { RouteHandler } from '../protocols/wire.ts';
import { cloudWatchPage } from './cloudwatch.ts';
import { pageRoute } from './html.ts';
import { s3Page } from './s3.ts';

/** How long a console is taken to be there after it said so. */
const CONSOLE_MS = 30_000;

/** Pages for people on the engine's own port, and where the console tells them its address. */
export function pageRoutes(engine: Engine): [prefix: string, handler: RouteHandler][] {
  const { host } = engine.clock;
  let console: { url: string; until: number } | undefined;
  const address = () => (console !== undefined && console.until > host.now() ? console.url : undefined);
  const consoleRoutes: ControlRoutes = {
    'GET /': () => ({ url: address() ?? null }),
    'POST /': ({ body: { url } }) => {
      // No page of another machine, and no key in it: what lies in buckets shares the origin of the pages that show it.
      if (typeof url !== 'string' || !/^http:\/\/127\.0\.0\.1:\d{1,5}\/$/.test(url)) {
        throw badRequest('url must be http://127.0.0.1:PORT/');
      }
      console = { url, until: host.now() + CONSOLE_MS };
      return { url };
    },
    'DELETE /': () => {
      console = undefined;
      return { url: null };
    },
  };
  return [
    ['/_localstack/s3', pageRoute(bounded((query) => s3Page(engine, query, address())))],
    ['/_aws/cloudwatch', pageRoute(bounded((query) => cloudWatchPage(engine, query, address())))],
    ['/_cliffracer/console', routeHandler(consoleRoutes)],
  ];
}

/** A query that makes no sense has no page. */
function bounded(render: (query: URLSearchParams) => string | undefined) {
  return (query: URLSearchParams) => {
    try {
      return render(query);
    } catch (error) {
      if (error instanceof ControlError || error instanceof AwsError) return undefined;
      throw error;
    }
  };
}
