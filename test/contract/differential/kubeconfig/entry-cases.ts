import {
  CLUSTERS,
  cluster,
  context,
  CONTEXTS,
  GOOD,
  HEAD,
  user,
  USERS,
  withCluster,
  type KubeconfigCase,
} from './case.ts';

/** Meaning and types of the lists and entries of a kubeconfig. */
export const ENTRY_CASES: readonly KubeconfigCase[] = [
  ...['v1', '/v1', '""', 'v2', 'v1beta1', 'kubectl/v1', 'a/b/c', '7', 'null', '[v1]'].map((version) => ({
    title: `apiVersion: ${version}`,
    files: GOOD.replace('apiVersion: v1', `apiVersion: ${version}`),
  })),
  ...['Config', '""', 'null', 'config', 'Pod', 'List', 'Status', '7'].map((kind) => ({
    title: `kind: ${kind}`,
    files: GOOD.replace('kind: Config', `kind: ${kind}`),
  })),
  { title: 'neither apiVersion nor kind', files: GOOD.replace('apiVersion: v1\nkind: Config\n', '') },
  {
    title: 'an unknown apiVersion without a kind',
    files: GOOD.replace('apiVersion: v1\nkind: Config\n', 'apiVersion: v2\n'),
  },
  {
    title: 'a cluster twice',
    files: `${HEAD}${CLUSTERS}${cluster('one')}${USERS}${CONTEXTS}`,
    message: /duplicate name "one" in clusters/,
  },
  {
    title: 'an unused user twice',
    files: `${HEAD}${CLUSTERS}${USERS}${user('you', 'token: third')}${CONTEXTS}`,
    message: /duplicate name "you" in users/,
  },
  {
    title: 'a context twice',
    files: `${GOOD}${context('here', 'cluster: two, user: you')}`,
    message: /duplicate name "here" in contexts/,
  },
  {
    title: 'two entries without a name',
    files: `${HEAD}${CLUSTERS}${USERS}- user: {token: a}\n- user: {token: b}\n${CONTEXTS}`,
    message: /duplicate name "" in users/,
  },
  {
    title: 'an extension twice',
    files: `${GOOD}extensions:\n- {name: a, extension: 1}\n- {name: a, extension: 2}\n`,
    message: /duplicate name "a" in extensions/,
  },
  {
    title: 'an extension of a cluster twice',
    files: withCluster(
      'server: SECURE/one, certificate-authority: CA, extensions: [{name: a, extension: {}}, {name: a, extension: {}}]',
    ),
    message: /duplicate name "a" in cluster\.extensions/,
  },
  {
    title: 'an extension twice, without a value',
    files: withCluster(
      'server: SECURE/one, certificate-authority: CA, extensions: [{name: a}, {name: a, extension: 1}]',
    ),
  },
  {
    title: 'extensions that are a mapping',
    files: withCluster('server: SECURE/one, certificate-authority: CA, extensions: {a: b}'),
  },
  { title: 'preferences', files: `${GOOD}preferences: {colors: yes}\n` },
  { title: 'preferences of a wrong type', files: `${GOOD}preferences: {colors: red}\n` },
  { title: 'preferences that are a list', files: `${GOOD}preferences: []\n` },
  { title: 'a list with null in it', files: `${HEAD}${CLUSTERS}${USERS}-\n${CONTEXTS}` },
  {
    title: 'entries that are null',
    files: `${HEAD}clusters: ~\nusers: null\ncontexts:\n`,
    env: { KUBERNETES_MASTER: 'PLAIN/master' },
  },
  {
    title: 'lists that are empty',
    files: `clusters: []\nusers: []\ncontexts: []\n`,
    env: { KUBERNETES_MASTER: 'PLAIN/master' },
  },
  { title: 'an item that is a word', files: `${HEAD}clusters: [one]\n` },
  { title: 'a cluster that is a word', files: `${HEAD}clusters: [{name: one, cluster: word}]\n` },
  {
    title: 'a cluster that is null',
    files: `${HEAD}clusters: [{name: one, cluster: ~}]\n${USERS}${CONTEXTS}`,
    env: { KUBERNETES_MASTER: 'PLAIN/master' },
  },
  { title: 'a wrong type in an entry that is not used', files: GOOD.replace('token: second', 'token: 7') },
];
