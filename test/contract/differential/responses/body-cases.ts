import { at, cut, cutGzip, GET, LIST, PATCH, raw, status, type ResponseCase } from './case.ts';

const list = (items: unknown): object => ({ kind: 'ConfigMapList', apiVersion: 'v1', metadata: {}, items });
const table = (parts: object): object => ({ kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata: {}, ...parts });
const columnDefinitions = [{ name: 'Name', type: 'string' }];
const PART = '{"kind":"ConfigMapList","apiVersion":"v1","items":[';
/** By a clock of the server's own, which is not this machine's. */
const busy = (code: number, after: string): ResponseCase['answer'] =>
  at(LIST, code, status(code, code === 429 ? 'TooManyRequests' : 'ServiceUnavailable', 'busy'), {
    date: 'Wed, 05 Feb 2031 10:00:00 GMT',
    'retry-after': after,
  });

/** Bodies that are empty, cut off or something else, and servers that are busy. */
export const BODY_CASES: readonly ResponseCase[] = [
  ...['', ' -o name', ' -o json', ' -o yaml'].map((output): ResponseCase => ({
    title: `items: null${output}`,
    args: `${GET}${output}`,
    answer: at(LIST, 200, list(null)),
  })),
  { title: 'items: []', args: GET, answer: at(LIST, 200, list([])) },
  { title: 'no items at all', args: GET, answer: at(LIST, 200, list(undefined)) },
  { title: 'a table with rows: null', args: GET, answer: at(LIST, 200, table({ columnDefinitions, rows: null })) },
  { title: 'a table of nothing', args: GET, answer: at(LIST, 200, table({ columnDefinitions: null, rows: null })) },
  { title: 'items: null of a deletion by label', args: 'delete configmaps -l a=b', answer: at(LIST, 200, list(null)) },
  { title: 'null', args: GET, answer: at(LIST, 200, null), message: /Object 'Kind' is missing/ },
  {
    title: 'an object without a kind',
    args: GET,
    answer: at(LIST, 200, { items: [] }),
    message: /Object 'Kind' is missing/,
  },
  { title: 'a number', args: GET, answer: at(LIST, 200, 7) },
  { title: 'nothing', args: GET, answer: raw(LIST, ''), message: /unexpected end of JSON input/ },
  {
    title: 'a page',
    args: GET,
    answer: raw(LIST, '<html>log in</html>', { 'content-type': 'text/html' }),
    message: /serializer for text\/html doesn't exist/,
  },
  { title: 'a page that says that it is JSON', args: GET, answer: raw(LIST, '<html>log in</html>') },
  {
    title: 'a page as the response to a patch',
    args: PATCH,
    answer: (request, response, servers) =>
      request.method === 'PATCH' &&
      raw(`${LIST}/one`, '<html>', { 'content-type': 'text/html' })(request, response, servers),
  },
  { title: 'a part of a list, as if it were all', args: GET, answer: raw(LIST, PART) },
  { title: 'a part of a list that ends with a brace', args: GET, answer: raw(LIST, `${PART}{}`) },
  {
    title: 'a list that is cut off before its length',
    args: GET,
    answer: cut(LIST, PART),
    message: /Original error: unexpected EOF/,
  },
  {
    title: 'a list that is cut off between chunks',
    args: GET,
    answer: cut(LIST, PART, {}),
    message: /Original error: unexpected EOF/,
  },
  {
    title: 'a compressed list that is cut off',
    args: GET,
    answer: cutGzip(LIST, JSON.stringify(list([]))),
    message: /Original error: unexpected EOF/,
  },
  {
    title: 'a patch whose response is cut off',
    args: PATCH,
    answer: (request, response, servers) =>
      request.method === 'PATCH' && cut(`${LIST}/one`, '{"kind":"Conf')(request, response, servers),
    message: /a write may have happened/,
  },
  { title: 'discovery that is cut off', args: GET, answer: cut('/api', '{"kind":"AP'), message: /unexpected EOF/ },
  { title: 'a part of discovery, as if it were all', args: GET, answer: raw('/api', '{"kind":"AP') },
  {
    title: '429 until a date is not waited for',
    args: GET,
    answer: busy(429, 'Wed, 05 Feb 2031 10:00:30 GMT'),
    message: /^hint: the server is busy; try again in 30 s$/m,
  },
  {
    title: '503 until a date is not waited for',
    args: GET,
    answer: busy(503, 'Wednesday, 05-Feb-31 10:01:30 GMT'),
    message: /^hint: the server is not available; try again in 90 s$/m,
  },
  {
    title: '429 until a date that is over',
    args: GET,
    answer: busy(429, 'Wed, 05 Feb 2031 09:59:00 GMT'),
    message: /^hint: the server is busy; try again now$/m,
  },
  { title: '429 with a fraction', args: GET, answer: busy(429, '1.5'), message: /try again in 2 s$/m },
  { title: '429 with a word', args: GET, answer: busy(429, 'soon'), message: /try again later$/m },
  {
    title: '429 without Retry-After',
    args: GET,
    answer: at(LIST, 429, status(429, 'TooManyRequests', 'busy')),
    message: /try again later$/m,
  },
  { title: '429 with a negative time is sent again at once', args: GET, answer: busy(429, '-1') },
  { title: '429 with zero is sent again at once', args: GET, answer: busy(429, '0') },
];
