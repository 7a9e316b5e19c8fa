import {readFile} from 'node:fs/promises';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {UsageError} from '../errors.ts';
import {findRun} from '../runs/run-directory.ts';
import {Access} from './access.ts';
import {Activity} from './activity.ts';
import {GivenFiles} from './given-files.ts';
import {page} from './page.ts';
import {errorDocument, readBody, send, sendJson} from './respond.ts';
import {type RouteContext, routes} from './routes.ts';

export interface UiServer {
  /** With the token that opens the page. */
  address: string;
  /** Stops a run that is under way in an orderly way first. */
  close(): Promise<void>;
}

export type UiOptions = Pick<RouteContext, 'settings' | 'stdin'> & {
  /** 0: any that is free. */
  port: number;
};

/** Files of a run that the page may show. */
const runFiles: Readonly<Record<string, string>> = {
  'report.html': 'text/html; charset=utf-8',
  'report.csv': 'text/csv; charset=utf-8',
  'retry.csv': 'text/csv; charset=utf-8',
  'summary.json': 'application/json',
};

/** Serves the page on this machine alone. @throws UsageError where the port is in use */
export async function serveUi({port, ...given}: UiOptions): Promise<UiServer> {
  const access = new Access();
  const activity = new Activity();
  const context: RouteContext = {...given, activity, files: new GivenFiles(given.settings.out)};
  const server = createServer((request, response) => {
    handle(request, response, access, context).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendJson(response, 400, {error: errorDocument(error)});
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new UsageError(`port ${port} cannot be used`, {cause, hint: 'give another --port, or none'})),
    );
    server.listen(port, '127.0.0.1', resolve);
  });
  const {port: taken} = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${taken}/#${access.token}`,
    async close() {
      activity.stop();
      await activity.ended();
      server.close();
      server.closeAllConnections();
    },
  };
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  access: Access,
  context: RouteContext,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const name = `${request.method} ${url.pathname}`;
  const asset = page[url.pathname];
  const isPublic = (request.method === 'GET' && asset !== undefined) || name === 'POST /api/session';
  const refusal = access.refusalOf(request, isPublic);
  if (refusal !== undefined) return sendJson(response, refusal, {error: refusals[refusal]});
  if (request.method === 'GET' && asset)
    return send(response, 200, await asset.read(), {'Content-Type': asset.type});
  if (name === 'POST /api/session') return openSession(request, response, access);
  if (name === 'GET /api/events') return streamEvents(response, context.activity);
  const run = /^\/runs\/(\d{8}T\d{6}Z-[\w-]+)\/([\w.-]+)$/.exec(url.pathname);
  if (request.method === 'GET' && run) return sendRunFile(response, run, context);
  const route = routes[name];
  if (!route)
    return sendJson(response, 404, {error: errorDocument(new UsageError('no such page', {hint: ''}))});
  sendJson(response, 200, await route(context, request, url));
}

const refusals = {
  401: {
    code: 'no_session',
    exitCode: 2,
    message: 'this page has no session',
    hint: 'open the address that bulk42 ui has printed',
  },
  403: {
    code: 'forbidden',
    exitCode: 2,
    message: 'this request comes from elsewhere',
    hint: 'open the address that bulk42 ui has printed',
  },
} as const;

async function openSession(
  request: IncomingMessage,
  response: ServerResponse,
  access: Access,
): Promise<void> {
  const cookie = access.cookieFor((await readBody(request, 1000)).toString());
  if (cookie === undefined) return sendJson(response, 401, {error: refusals[401]});
  response.setHeader('Set-Cookie', cookie);
  sendJson(response, 200, {});
}

/** The state now, and at each change of it; at most four times a second. */
function streamEvents(response: ServerResponse, activity: Activity): void {
  response.writeHead(200, {'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store'});
  let timer: NodeJS.Timeout | undefined;
  const write = () => {
    timer = undefined;
    response.write(`data: ${JSON.stringify(activity.state)}\n\n`);
  };
  const off = activity.onChange(() => (timer ??= setTimeout(write, 250)));
  response.on('close', () => {
    off();
    clearTimeout(timer);
  });
  write();
}

async function sendRunFile(
  response: ServerResponse,
  [, id = '', file = '']: RegExpExecArray,
  {settings: {out}}: RouteContext,
): Promise<void> {
  const type = runFiles[file];
  if (type === undefined)
    return sendJson(response, 404, {error: errorDocument(new UsageError('no such file', {hint: ''}))});
  const {path} = await findRun(id, out);
  const isPage = file === 'report.html';
  send(response, 200, await readFile(join(path, file)), {
    'Content-Type': type,
    // The report has a policy of its own, in its text; nothing in it may speak to this server.
    ...(isPage
      ? {'Content-Security-Policy': "sandbox allow-scripts allow-downloads; frame-ancestors 'self'"}
      : {'Content-Disposition': `attachment; filename="${id}-${file}"`}),
  });
}
