import { createServer, type Server } from 'node:http';
import { renderToStaticMarkup } from 'react-dom/server';
import { List } from './List';
import { Record } from './Record';

/** A site with both pages: the list at `/`, and each record at its id. */
export function site(url: string): Server {
  return createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const id = decodeURIComponent(pathname.slice(1));
    const page = id ? Record({ url, id }) : List({ url, after: searchParams.get('after') ?? undefined });
    const shown = await page.catch((error: Error) => {
      response.statusCode = 502;
      return <main>{error.message}</main>;
    });
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(`<!doctype html>${renderToStaticMarkup(shown)}`);
  });
}
