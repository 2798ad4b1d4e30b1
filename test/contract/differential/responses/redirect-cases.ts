import type { IncomingMessage } from 'node:http';
import { GET, LIST, PATCH, pathOf, type ResponseCase } from './case.ts';
import { redirect, type Answer, type SeenRequest } from './server.ts';

type Where = (request: IncomingMessage, url: (server: SeenRequest['server']) => string) => string | undefined;

/** Redirects the first request with a method; the second, whose path contains `moved`, passes. */
const moved =
  (status: number, where: Where, method = 'GET'): Answer =>
  (request, response, servers) => {
    if (request.method !== method || !pathOf(request).startsWith(LIST) || request.url?.includes('moved=')) return false;
    return redirect(
      response,
      status,
      where(request, (server) => servers.url(server)),
    );
  };

const here: Where = (request) => `${pathOf(request)}?moved=1`;
const other: Where = (request, url) => `${url('other')}${pathOf(request)}?moved=1`;

/** `times` redirects in a row. */
const chain =
  (times: number): Answer =>
  (request, response) => {
    const step = Number(/step=(\d+)/.exec(request.url ?? '')?.[1] ?? 0);
    return pathOf(request) === LIST && step < times && redirect(response, 302, `${LIST}?step=${step + 1}`);
  };

/** Redirects, as Go's http.Client follows them. */
export const REDIRECT_CASES: readonly ResponseCase[] = [
  ...[301, 302, 303, 307, 308].map((status): ResponseCase => ({
    title: `${status} on the same server`,
    args: GET,
    answer: moved(status, here),
  })),
  ...[300, 305].map((status): ResponseCase => ({
    title: `${status} is not followed`,
    args: GET,
    answer: moved(status, here),
  })),
  {
    title: 'a redirect to a whole address of the same server',
    args: GET,
    answer: moved(302, (request, url) => `${url('main')}${pathOf(request)}?moved=1`),
  },
  { title: 'a redirect to a relative address', args: GET, answer: moved(302, () => 'configmaps?moved=1') },
  { title: 'a redirect to a query alone', args: GET, answer: moved(302, () => '?moved=1') },
  {
    title: 'a redirect without a scheme',
    args: GET,
    answer: moved(302, (request, url) => `${url('main').replace('https:', '')}${pathOf(request)}?moved=1`),
  },
  { title: 'a redirect to another server gets no credentials', args: `${GET} --as jane`, answer: moved(302, other) },
  {
    title: 'a redirect to plain HTTP gets no credentials',
    args: `${GET} --as jane`,
    answer: moved(307, (request, url) => `${url('plain')}${pathOf(request)}?moved=1`),
  },
  {
    title: 'a redirect to another server and back',
    args: GET,
    answer: (request, response, servers) => {
      if (pathOf(request) !== LIST || request.url?.includes('moved=2')) return false;
      const isFirst = !request.url?.includes('moved=1');
      return redirect(response, 302, `${servers.url(isFirst ? 'other' : 'main')}${LIST}?moved=${isFirst ? 1 : 2}`);
    },
  },
  { title: 'no Location', args: GET, answer: moved(302, () => undefined) },
  { title: 'no Location of a 307', args: GET, answer: moved(307, () => undefined) },
  {
    title: 'a Location that is not an address',
    args: GET,
    answer: moved(302, () => 'https://[::1'),
    message: /failed to parse Location header/,
  },
  {
    title: 'a Location of another scheme',
    args: GET,
    answer: moved(302, () => 'ftp://127.0.0.1/'),
    message: /unsupported protocol scheme "ftp"/,
  },
  { title: 'a Location where nothing listens', args: GET, answer: moved(302, () => 'http://127.0.0.1:9/') },
  { title: 'nine redirects in a row', args: GET, answer: chain(9) },
  { title: 'ten redirects in a row', args: GET, answer: chain(10), message: /stopped after 10 redirects/ },
  {
    title: 'a redirect to itself',
    args: GET,
    answer: (request, response) => pathOf(request) === LIST && redirect(response, 302, LIST),
    message: /stopped after 10 redirects/,
  },
  {
    title: 'a redirect of discovery',
    args: GET,
    answer: (request, response) =>
      /^\/api(\?timeout=32s)?$/.test(request.url ?? '') && redirect(response, 302, '/api?moved=1'),
  },
  { title: 'a redirect of --raw', args: `get --raw ${LIST}`, answer: moved(302, here) },
  {
    title: 'a patch that is redirected with 307 is sent again with its body',
    args: PATCH,
    answer: moved(307, here, 'PATCH'),
  },
  {
    title: 'a deletion that is redirected with 308 is sent again with its body',
    args: 'delete configmaps one --wait=false',
    answer: moved(308, here, 'DELETE'),
  },
  {
    title: 'a patch that is redirected with 302 would become a read',
    args: PATCH,
    answer: moved(302, here, 'PATCH'),
    refused: true,
    message: /PATCH was redirected with 302, which makes a GET of it/,
  },
  {
    title: 'a patch is not sent to another server',
    args: PATCH,
    answer: moved(307, other, 'PATCH'),
    refused: true,
    message: /PATCH was redirected to https:/,
  },
];
