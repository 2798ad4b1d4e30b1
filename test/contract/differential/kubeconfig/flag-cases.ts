import { CLUSTERS, context, CONTEXTS, GOOD, HEAD, USERS, withUser, type KubeconfigCase } from './case.ts';

const MASTER = { KUBERNETES_MASTER: 'PLAIN/master' };
const empty = (...flags: readonly string[]): readonly string[] => flags.map((flag) => `--${flag}=`);

/** The flags that stand above the files, and the environment. */
export const FLAG_CASES: readonly KubeconfigCase[] = [
  {
    title: '--kubeconfig in place of the list',
    files: { a: GOOD, b: GOOD.replace('token: first', 'token: of-b') },
    list: 'FOLDER/a',
    flags: ['--kubeconfig=FOLDER/b'],
  },
  {
    title: '--kubeconfig with colons is one file',
    files: { a: GOOD, b: GOOD },
    flags: ['--kubeconfig=FOLDER/a:FOLDER/b'],
  },
  { title: '--kubeconfig that does not exist', files: GOOD, flags: ['--kubeconfig=FOLDER/nope'] },
  { title: '--kubeconfig that is a folder', files: GOOD, flags: ['--kubeconfig=FOLDER'] },
  {
    title: '--kubeconfig that is empty text',
    files: { a: GOOD, b: '' },
    list: 'FOLDER/a',
    flags: ['--kubeconfig=FOLDER/b'],
    env: MASTER,
  },
  {
    title: 'no current-context, with --context',
    files: GOOD.replace('current-context: here\n', ''),
    flags: ['--context=there'],
  },
  {
    title: 'no current-context, with --cluster and --user',
    files: GOOD.replace('current-context: here\n', ''),
    flags: ['--cluster=two', '--user=me'],
  },
  {
    title: 'a current-context that does not exist, with --server',
    files: GOOD.replace('current-context: here', 'current-context: gone'),
    flags: ['--server=PLAIN/flag'],
  },
  { title: 'a --context that does not exist', files: GOOD, flags: ['--context=gone'] },
  {
    title: 'a --context that does not exist, with --server',
    files: GOOD,
    flags: ['--context=gone', '--server=PLAIN/flag'],
  },
  { title: 'a --cluster that does not exist', files: GOOD, flags: ['--cluster=gone'] },
  {
    title: 'a --cluster that does not exist, with --server',
    files: GOOD,
    flags: ['--cluster=gone', '--server=PLAIN/flag'],
  },
  { title: 'a --user that does not exist', files: GOOD, flags: ['--user=gone'] },
  { title: 'a --user that does not exist, with --token', files: GOOD, flags: ['--user=gone', '--token=flag'] },
  {
    title: 'a context whose cluster does not exist, with --server',
    files: `${HEAD}${USERS}${CONTEXTS}`,
    flags: ['--server=PLAIN/flag'],
  },
  {
    title: 'a context whose user does not exist, with --token',
    files: `${HEAD}${CLUSTERS}${CONTEXTS}`,
    flags: ['--token=flag'],
  },
  {
    title: 'a context without a user, with --token',
    files: `${HEAD}${CLUSTERS}contexts:\n${context('here', 'cluster: one')}`,
    flags: ['--token=flag'],
  },
  { title: 'an empty flag for each name', files: GOOD, flags: empty('context', 'cluster', 'user', 'namespace') },
  { title: 'an empty --server and --token', files: GOOD, flags: empty('server', 'token') },
  { title: 'an empty --kubeconfig', files: GOOD, flags: empty('kubeconfig') },
  { title: 'an empty flag as two words', files: GOOD, flags: ['--context', '', '--server', '', '-n', ''] },
  {
    title: 'empty flags of impersonation',
    files: withUser('token: first, as: a, as-uid: u'),
    flags: empty('as', 'as-uid'),
  },
  { title: 'an empty --as-group', files: withUser('token: first, as: a, as-groups: [g]'), flags: empty('as-group') },
  {
    title: 'an empty --as-user-extra',
    files: withUser('token: first, as: a, as-user-extra: {k: [v]}'),
    flags: empty('as-user-extra'),
  },
  {
    title: '--as-user-extra beside others',
    files: withUser('token: first, as: a, as-user-extra: {k: [v], l: [w]}'),
    flags: ['--as-user-extra=k=x'],
  },
  {
    title: 'empty flags of certificates',
    files: GOOD,
    flags: empty('certificate-authority', 'client-certificate', 'client-key', 'tls-server-name'),
  },
  { title: 'empty flags of a password', files: GOOD, flags: empty('username', 'password') },
  { title: 'an empty --request-timeout', files: GOOD, flags: empty('request-timeout') },
  { title: 'an empty --cache-dir', files: GOOD, flags: empty('cache-dir') },
  {
    title: 'an empty flag after one with a value: the last counts',
    files: GOOD,
    flags: ['--context=there', '--context='],
  },
  {
    title: 'an empty --token beside a token file',
    files: { config: withUser('tokenFile: token'), token: 'of-file' },
    flags: empty('token'),
  },
  {
    title: 'an empty --context without a current-context',
    files: GOOD.replace('current-context: here\n', ''),
    flags: empty('context'),
    env: MASTER,
  },
  { title: '--server alone, without a kubeconfig', files: {}, list: '', flags: ['--server=PLAIN/flag'] },
  { title: '--token with a line break', files: GOOD, flags: ['--token=fl\nag'], message: /line break/ },
  { title: '--token in place of the token', files: GOOD, flags: ['--token=flag'] },
  { title: '--namespace', files: GOOD, flags: ['--namespace=shop'] },
  { title: '--namespace with its type', files: GOOD, flags: ['--namespace=ns/shop'] },
  { title: '--proxy-url that refuses', files: GOOD, flags: ['--proxy-url=http://127.0.0.1:9'], code: 1 },
  {
    title: 'an HTTPS_PROXY that refuses',
    files: GOOD.replaceAll('SECURE', 'https://api.example'),
    env: { HTTPS_PROXY: 'http://127.0.0.1:9' },
    code: 1,
    message: /proxy/,
  },
  {
    title: 'an HTTPS_PROXY without a scheme that refuses',
    files: GOOD.replaceAll('SECURE', 'https://api.example'),
    env: { HTTPS_PROXY: '127.0.0.1:9' },
    code: 1,
    message: /proxy/,
  },
  {
    title: 'an HTTPS_PROXY that is not a URL',
    files: GOOD.replaceAll('SECURE', 'https://api.example'),
    env: { HTTPS_PROXY: 'http://[::1' },
    message: /proxy of HTTPS_PROXY/,
  },
  {
    title: 'an HTTPS_PROXY of another scheme',
    files: GOOD.replaceAll('SECURE', 'https://api.example'),
    env: { HTTPS_PROXY: 'ftp://127.0.0.1:9' },
    code: 1,
    message: /proxy/,
  },
];
