import { CLUSTERS, cluster, context, CONTEXTS, GOOD, HEAD, user, USERS, type KubeconfigCase } from './case.ts';

const MASTER = { KUBERNETES_MASTER: 'PLAIN/master' };

/** Several files, and contexts that lead nowhere. */
export const LIST_CASES: readonly KubeconfigCase[] = [
  {
    title: 'the first file wins, entry by entry',
    files: { a: `clusters:\n${cluster('one')}`, b: GOOD },
    list: 'FOLDER/a:FOLDER/b',
  },
  {
    title: 'a user in both files is the first one as a whole',
    files: {
      a: `users:\n${user('me', 'token: from-a')}`,
      b: GOOD.replace('token: first', 'token: from-b, as: someone'),
    },
    list: 'FOLDER/a:FOLDER/b',
  },
  {
    title: 'the first current-context counts',
    files: { a: 'current-context: there\n', b: GOOD },
    list: 'FOLDER/a:FOLDER/b',
  },
  {
    title: 'an empty current-context does not count',
    files: { a: 'current-context: ""\n', b: GOOD },
    list: 'FOLDER/a:FOLDER/b',
  },
  {
    title: 'an entry of the second file is complete',
    files: { a: `contexts:\n${context('here', 'cluster: two, user: you')}`, b: GOOD },
    list: 'FOLDER/a:FOLDER/b',
  },
  {
    title: 'an empty entry of the first file wins',
    files: { a: 'users: [{name: me}]\n', b: GOOD.replaceAll('SECURE', 'PLAIN') },
    list: 'FOLDER/a:FOLDER/b',
  },
  { title: 'a missing file among others', files: { a: GOOD }, list: 'FOLDER/nope:FOLDER/a' },
  { title: 'missing files alone', files: {}, list: 'FOLDER/nope:FOLDER/none', env: MASTER },
  { title: 'empty parts of the list', files: { a: GOOD }, list: '::FOLDER/a:' },
  { title: 'a list of nothing but colons', files: { a: GOOD }, list: ':', env: MASTER },
  { title: 'the same file twice', files: { a: GOOD }, list: 'FOLDER/a:FOLDER/a' },
  { title: 'an empty file first', files: { a: '', b: GOOD }, list: 'FOLDER/a:FOLDER/b' },
  {
    title: 'a broken file after a good one',
    files: { a: GOOD, b: 'users: [}' },
    list: 'FOLDER/a:FOLDER/b',
    message: /error loading config file ".*\/b"/,
  },
  {
    title: 'a broken file before a good one',
    files: { a: 'users: [}', b: GOOD },
    list: 'FOLDER/a:FOLDER/b',
    message: /error loading config file ".*\/a"/,
  },
  {
    title: 'two broken files',
    files: { a: 'users: [}', b: 'kind: Pod' },
    list: 'FOLDER/a:FOLDER/b',
    message: /\/a".*\/b"/s,
  },
  {
    title: 'a file of another apiVersion in the list',
    files: { a: GOOD, b: 'apiVersion: v2\nkind: Config\n' },
    list: 'FOLDER/a:FOLDER/b',
  },
  {
    title: 'a duplicate within the second file',
    files: { a: GOOD, b: `users:\n${user('me', 'token: x')}${user('me', 'token: y')}` },
    list: 'FOLDER/a:FOLDER/b',
    message: /\/b": .*duplicate name "me" in users/,
  },
  {
    title: 'a duplicate across the files',
    files: { a: GOOD, b: GOOD.replaceAll('token: ', 'token: other-') },
    list: 'FOLDER/a:FOLDER/b',
  },
  {
    title: 'several faults of several files',
    files: {
      a: `${GOOD}---\nbroken: [}`,
      b: `users:\n${user('me', 'token: x')}users:\n${user('you', 'token: y')}`,
      c: '\n',
    },
    list: 'FOLDER/nope:FOLDER/c:FOLDER/b:FOLDER/a',
  },
  { title: 'a folder in the list', files: { a: GOOD }, list: 'FOLDER:FOLDER/a', message: /is a directory/ },
  { title: 'a path below a file', files: { a: GOOD }, list: 'FOLDER/a/b:FOLDER/a' },
  {
    title: 'paths relative to each file',
    files: { 'x/a': `users:\n${user('me', 'tokenFile: token')}`, 'x/token': 'of-x', 'y/b': GOOD, 'y/token': 'of-y' },
    list: 'FOLDER/x/a:FOLDER/y/b',
  },
  { title: 'the home folder without KUBECONFIG', files: { '.kube/config': GOOD }, list: '', env: { HOME: 'FOLDER' } },
  { title: 'no current-context', files: GOOD.replace('current-context: here\n', ''), env: MASTER },
  {
    title: 'a current-context that does not exist',
    files: GOOD.replace('current-context: here', 'current-context: gone'),
  },
  {
    title: 'a context whose cluster does not exist',
    files: `${HEAD}${USERS}${CONTEXTS}`,
    env: MASTER,
    differs: 'refused',
  },
  {
    title: 'a context whose user does not exist',
    files: `${HEAD}${CLUSTERS}${CONTEXTS}`,
    message: /user "me" was not found for context "here"/,
  },
  {
    title: 'a context whose user does not exist, over http',
    files: `${HEAD}${CLUSTERS}${CONTEXTS}`.replaceAll('SECURE', 'PLAIN'),
    differs: 'refused',
  },
  {
    title: 'a context without a cluster',
    files: `${HEAD}${CLUSTERS}${USERS}contexts:\n${context('here', 'user: me')}`,
    env: MASTER,
  },
  {
    title: 'a context without a user, over http',
    files: `${HEAD}${CLUSTERS}contexts:\n${context('here', 'cluster: one')}`.replaceAll('SECURE', 'PLAIN'),
  },
  {
    title: 'a context without a user',
    files: `${HEAD}${CLUSTERS}contexts:\n${context('here', 'cluster: one')}`,
    differs: 'anonymous',
  },
];
