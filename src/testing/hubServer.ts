// A small Hub on this machine for tests: two origins, the first redirects to the second, which serves one file with
// Range, ETag and CORS. Faults can be queued; each is used up by one request for the file.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Fault =
  /** Answers with this status alone. */
  | { status: number; retryAfter?: number }
  /** Sends this share of what was asked for, then cuts the connection. */
  | { cutAt: number }
  /** Sends this share, then nothing more until `cutHeld` cuts the connection. */
  | { heldAt: number }
  /** Sends the whole file with 200. */
  | { ignoreRange: true }
  /** Sends the right bytes under this Content-Range. */
  | { contentRange: string }
  /** Sends headers and then nothing. */
  | { silent: true }
  /** Answers without the headers that let a page of another origin read. */
  | { noCors: true }
  /** Nothing wrong: lets one request pass before the next fault. */
  | { fine: true };

export interface HubServer {
  /** Address of the first origin, and of the one that it redirects to. */
  url: string;
  storeUrl: string;
  /** Ranges asked for so far, and the paths they were asked at. */
  requests: { path: string; range: string | undefined }[];
  /** Replaces the file and its ETag. */
  serve(file: Uint8Array, etag?: string): void;
  /** Faults for the next requests, in order; `always` goes on for good. */
  fail(...faults: Fault[]): void;
  failAlways(fault: Fault): void;
  /** Cuts the connections that `heldAt` holds. */
  cutHeld(): void;
  close(): Promise<void>;
}

/** Starts the two servers on free ports of the loopback interface. */
export async function startHubServer(file: Uint8Array): Promise<HubServer> {
  const state: State = { file, etag: '"first"', faults: [], always: null, requests: [], held: [] };
  const store = await listen(createServer((request, response) => answer(state, request, response)));
  const hub = await listen(
    createServer((request, response) => redirect(state, store.url, request, response)),
  );
  return {
    url: hub.url,
    storeUrl: store.url,
    requests: state.requests,
    serve: (bytes, etag = '"second"') => Object.assign(state, { file: bytes, etag }),
    fail: (...faults) => state.faults.push(...faults),
    failAlways: (fault) => void (state.always = fault),
    cutHeld: () => state.held.splice(0).forEach((response) => response.socket?.destroySoon()),
    close: async () => void (await Promise.all([close(hub.server), close(store.server)])),
  };
}

interface State {
  file: Uint8Array;
  etag: string;
  faults: Fault[];
  always: Fault | null;
  requests: { path: string; range: string | undefined }[];
  held: ServerResponse[];
}

const CORS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'ETag, Content-Range, Content-Length, Accept-Ranges',
};

function redirect(state: State, store: string, request: IncomingMessage, response: ServerResponse): void {
  if (request.method === 'OPTIONS') return preflight(response);
  state.requests.push({ path: request.url!, range: request.headers.range });
  response.writeHead(302, { ...CORS, location: `${store}/blob` }).end();
}

/** A browser asks first whether it may send a Range header to another origin. */
function preflight(response: ServerResponse): void {
  const allowed = { 'access-control-allow-headers': 'range', 'access-control-allow-methods': 'GET' };
  response.writeHead(204, { ...CORS, ...allowed }).end();
}

function answer(state: State, request: IncomingMessage, response: ServerResponse): void {
  if (request.method === 'OPTIONS') return preflight(response);
  const fault = state.faults.shift() ?? state.always ?? { fine: true };
  if ('status' in fault) {
    const wait = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
    response.writeHead(fault.status, { ...CORS, ...wait }).end();
    return;
  }
  const { file, etag } = state;
  const range = 'ignoreRange' in fault ? null : /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
  const begin = range ? Number(range[1]) : 0;
  const end = range ? Math.min(Number(range[2]) + 1, file.byteLength) : file.byteLength;
  const contentRange =
    'contentRange' in fault ? fault.contentRange : `bytes ${begin}-${end - 1}/${file.byteLength}`;
  response.writeHead(range ? 206 : 200, {
    ...('noCors' in fault ? {} : CORS),
    etag,
    'content-length': end - begin,
    ...(range && { 'content-range': contentRange }),
  });
  send(state, response, file.subarray(begin, end), fault);
}

function send({ held }: State, response: ServerResponse, bytes: Uint8Array, fault: Fault): void {
  const share = (part: number) => bytes.subarray(0, Math.floor(bytes.byteLength * part));
  if ('silent' in fault) {
    response.flushHeaders();
  } else if ('heldAt' in fault) {
    response.write(share(fault.heldAt));
    held.push(response);
  } else if ('cutAt' in fault) {
    // Destroyed only once the part has left, so that it arrives.
    response.write(share(fault.cutAt), () => response.socket?.destroySoon());
  } else {
    response.end(bytes);
  }
}

async function listen(server: Server): Promise<{ server: Server; url: string }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
