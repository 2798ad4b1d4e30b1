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
  withUser,
  type KubeconfigCase,
} from './case.ts';

const EXEC = 'apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never';
const exec = (parts: string): string => withUser(`exec: {${parts}}`);
const plugin = (name = 'plugin'): Record<string, string> => ({
  [name]: `#!/bin/sh\nprintf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"from-plugin"}}'\n`,
});

/** What the entries of a kubeconfig mean. */
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
  {
    title: 'CA together with insecure',
    files: withCluster('server: SECURE/one, certificate-authority: CA, insecure-skip-tls-verify: true'),
    message: /specifying a root certificates file with the insecure flag is not allowed/,
  },
  {
    title: 'CA data together with insecure',
    files: withCluster('server: SECURE/one, certificate-authority-data: CA_DATA, insecure-skip-tls-verify: true'),
    message: /specifying a root certificates file with the insecure flag is not allowed/,
  },
  {
    title: 'CA together with insecure over http',
    files: withCluster('server: PLAIN/one, certificate-authority: CA, insecure-skip-tls-verify: true'),
  },
  { title: 'CA with the insecure flag', files: GOOD, flags: ['--insecure-skip-tls-verify'] },
  { title: 'CA with the insecure flag false', files: GOOD, flags: ['--insecure-skip-tls-verify=false'] },
  {
    title: 'insecure with a CA flag',
    files: withCluster('server: SECURE/one, insecure-skip-tls-verify: true'),
    flags: ['--certificate-authority=CA'],
  },
  {
    title: 'a CA flag together with the insecure flag',
    files: GOOD,
    flags: ['--certificate-authority=CA', '--insecure-skip-tls-verify'],
  },
  {
    title: 'CA file and CA data',
    files: withCluster('server: SECURE/one, certificate-authority: CA, certificate-authority-data: CA_DATA'),
    message: /certificate-authority-data and certificate-authority are both specified/,
  },
  { title: 'CA data', files: withCluster('server: SECURE/one, certificate-authority-data: CA_DATA') },
  {
    title: 'CA data with line breaks',
    files: withCluster('server: SECURE/one, certificate-authority-data: "CA_DATA\\n"'),
  },
  {
    title: 'CA data that is not base64',
    files: withCluster('server: SECURE/one, certificate-authority-data: "not base64!"'),
  },
  { title: 'CA data without its padding', files: withCluster('server: SECURE/one, certificate-authority-data: YWI') },
  {
    title: 'CA data that is no certificate',
    files: withCluster('server: SECURE/one, certificate-authority-data: YWJj'),
  },
  { title: 'base64 of an unused entry that is broken', files: GOOD.replace('token: second', 'client-key-data: "***"') },
  {
    title: 'a CA file that does not exist',
    files: withCluster('server: SECURE/one, certificate-authority: nope.crt'),
    message: /unable to read certificate-authority .*nope\.crt for one/,
  },
  {
    title: 'a CA file that is empty',
    files: { config: withCluster('server: SECURE/one, certificate-authority: empty.crt'), 'empty.crt': '' },
  },
  { title: 'a CA file that is a folder', files: withCluster('server: SECURE/one, certificate-authority: FOLDER') },
  { title: 'no server', files: withCluster('certificate-authority: CA'), env: { KUBERNETES_MASTER: 'SECURE/master' } },
  {
    title: 'a server without a scheme is http, also with a CA',
    files: withCluster('server: HOST, certificate-authority: CA'),
  },
  {
    title: 'a server with another scheme',
    files: withCluster('server: "ftp://127.0.0.1:1", certificate-authority: CA'),
  },
  { title: 'a server that is not a URL', files: withCluster('server: "http://[::1", certificate-authority: CA') },
  { title: 'a server with a query', files: withCluster('server: "SECURE/one?a=b#c", certificate-authority: CA') },
  {
    title: 'tls-server-name',
    files: withCluster('server: SECURE/one, certificate-authority: CA, tls-server-name: kubernetes'),
  },
  {
    title: 'tls-server-name that does not match',
    files: withCluster('server: SECURE/one, certificate-authority: CA, tls-server-name: other'),
    code: 1,
  },
  {
    title: 'tls-server-name is void with --server',
    files: withCluster('server: SECURE/one, certificate-authority: CA, tls-server-name: other'),
    flags: ['--server=SECURE/two'],
  },
  {
    title: 'a token with a newline',
    files: withUser('token: "first\\n"'),
    message: /token of user "me" contains a line break/,
  },
  { title: 'a token with a newline inside', files: withUser('token: "fi\\nrst"'), message: /line break/ },
  { title: 'a token with a control character', files: withUser('token: "fi\\x01rst"') },
  { title: 'a token with spaces around', files: withUser('token: " first "') },
  { title: 'a token of spaces', files: withUser('token: "  "') },
  { title: 'a token beyond ASCII', files: withUser('token: "schlüssel"') },
  {
    title: 'a token in a block that ends with a newline',
    files: `${HEAD}${CLUSTERS}users:\n- name: me\n  user:\n    token: |\n      first\n${CONTEXTS}`,
    message: /line break/,
  },
  { title: 'a token file', files: { config: withUser('tokenFile: token'), token: 'from-file\n' } },
  {
    title: 'a token file beside a token',
    files: { config: withUser('token: first, tokenFile: token'), token: 'from-file\n' },
  },
  {
    title: 'an empty token file',
    files: { config: withUser('tokenFile: token'), token: '' },
    message: /token file .*\/token.* is empty/,
  },
  {
    title: 'a token file of white space',
    files: { config: withUser('tokenFile: token'), token: ' \n' },
    message: /token file .*\/token.* is empty/,
  },
  {
    title: 'an empty token file beside a token',
    files: { config: withUser('token: first, tokenFile: token'), token: '' },
  },
  { title: 'a missing token file beside a token', files: withUser('token: first, tokenFile: nope') },
  { title: 'a missing token file', files: withUser('tokenFile: nope') },
  { title: 'a token file that is a folder', files: withUser('tokenFile: FOLDER') },
  { title: 'a token file of two lines', files: { config: withUser('tokenFile: token'), token: 'a\nb\n' } },
  {
    title: 'an empty token file with --token',
    files: { config: withUser('tokenFile: token'), token: '' },
    flags: ['--token=flag'],
  },
  { title: 'a password', files: withUser('username: u, password: p') },
  { title: 'a user name alone', files: withUser('username: u') },
  {
    title: 'a token and a password',
    files: withUser('token: a, username: u, password: p'),
    message: /more than one authentication method found for me/,
  },
  { title: 'a token flag with a password', files: withUser('username: u, password: p'), flags: ['--token=flag'] },
  {
    title: 'a client certificate',
    files: {
      config: withUser('client-certificate: jane.crt, client-key: jane.key'),
      'jane.crt': 'CLIENT_CERTIFICATE',
      'jane.key': 'CLIENT_KEY',
    },
  },
  {
    title: 'a client certificate without its key',
    files: { config: withUser('client-certificate: jane.crt'), 'jane.crt': 'CLIENT_CERTIFICATE' },
    message: /client-key-data or client-key must be specified/,
  },
  {
    title: 'a client certificate and its data',
    files: {
      config: withUser(
        'client-certificate: jane.crt, client-certificate-data: CLIENT_CERTIFICATE_DATA, client-key: jane.key',
      ),
      'jane.crt': 'CLIENT_CERTIFICATE',
      'jane.key': 'CLIENT_KEY',
    },
    message: /client-cert-data and client-cert are both specified for me/,
  },
  {
    title: 'a client key and its data',
    files: {
      config: withUser('client-certificate: jane.crt, client-key: jane.key, client-key-data: CLIENT_KEY_DATA'),
      'jane.crt': 'CLIENT_CERTIFICATE',
      'jane.key': 'CLIENT_KEY',
    },
    message: /client-key-data and client-key are both specified for me/,
  },
  {
    title: 'a client key alone',
    files: { config: withUser('client-key: jane.key, token: first'), 'jane.key': 'CLIENT_KEY' },
  },
  { title: 'a missing client key beside nothing', files: withUser('client-key: nope.key, token: first') },
  {
    title: 'a client certificate that is none',
    files: { config: withUser('client-certificate-data: YWJj, client-key-data: YWJj') },
  },
  {
    title: 'a client certificate file that is none',
    files: { config: withUser('client-certificate: jane.crt, client-key: jane.key'), 'jane.crt': 'a', 'jane.key': 'b' },
  },
  {
    title: 'a client certificate and a token',
    files: {
      config: withUser('client-certificate: jane.crt, client-key: jane.key, token: first'),
      'jane.crt': 'CLIENT_CERTIFICATE',
      'jane.key': 'CLIENT_KEY',
    },
  },
  {
    title: 'impersonation',
    files: withUser('token: first, as: a, as-uid: u, as-groups: [g, h], as-user-extra: {k: [v]}'),
  },
  {
    title: 'groups without a user to impersonate',
    files: withUser('token: first, as-groups: [g]'),
    message: /requesting uid, groups or user-extra for me without impersonating a user/,
  },
  { title: 'a UID without a user to impersonate', files: withUser('token: first, as-uid: u') },
  { title: 'groups that are a word', files: withUser('token: first, as: a, as-groups: g') },
  { title: 'groups with null', files: withUser('token: first, as: a, as-groups: [~]') },
  { title: 'user extra that is a list', files: withUser('token: first, as: a, as-user-extra: [k]') },
  { title: 'an exec plugin', files: { config: exec(`${EXEC}, command: ./plugin`), ...plugin() } },
  {
    title: 'an exec plugin of the PATH',
    files: { config: exec(`${EXEC}, command: plugin`), ...plugin() },
    env: { PATH: 'FOLDER:/bin:/usr/bin' },
  },
  {
    title: 'exec without a command',
    files: exec(EXEC),
    message: /command must be specified for me to use exec authentication plugin/,
  },
  {
    title: 'exec with an empty command',
    files: exec(`${EXEC}, command: ""`),
    message: /command must be specified for me/,
  },
  { title: 'exec with a number as command', files: exec(`${EXEC}, command: 7`) },
  { title: 'exec with a command of spaces', files: exec(`${EXEC}, command: " "`), code: 1 },
  { title: 'exec without a command and without an apiVersion', files: exec('args: [a]') },
  { title: 'exec that is empty', files: exec('') },
  { title: 'exec that is null', files: withUser('exec: ~, token: first') },
  { title: 'exec that is a list', files: withUser('exec: []') },
  {
    title: 'exec without an apiVersion',
    files: { config: exec('interactiveMode: Never, command: ./plugin'), ...plugin() },
    message: /apiVersion must be specified for me/,
  },
  {
    title: 'exec with an unknown apiVersion',
    files: { config: exec('apiVersion: v7, interactiveMode: Never, command: ./plugin'), ...plugin() },
  },
  {
    title: 'exec with v1alpha1',
    files: { config: exec('apiVersion: client.authentication.k8s.io/v1alpha1, command: ./plugin'), ...plugin() },
  },
  {
    title: 'exec without an interactiveMode',
    files: { config: exec('apiVersion: client.authentication.k8s.io/v1, command: ./plugin'), ...plugin() },
    message: /interactiveMode must be specified for me/,
  },
  {
    title: 'exec of v1beta1 without an interactiveMode',
    files: {
      config: exec('apiVersion: client.authentication.k8s.io/v1beta1, command: ./plugin'),
      plugin: plugin()['plugin']!.replace('k8s.io/v1"', 'k8s.io/v1beta1"'),
    },
  },
  {
    title: 'exec with an unknown interactiveMode',
    files: {
      config: exec('apiVersion: client.authentication.k8s.io/v1, interactiveMode: Maybe, command: ./plugin'),
      ...plugin(),
    },
  },
  {
    title: 'exec with variables that are a mapping',
    files: { config: exec(`${EXEC}, command: ./plugin, env: {A: b}`), ...plugin() },
  },
  {
    title: 'exec with a variable without a name',
    files: { config: exec(`${EXEC}, command: ./plugin, env: [{value: b}]`), ...plugin() },
    message: /env variable name must be specified for me/,
  },
  {
    title: 'exec with a number as a variable',
    files: { config: exec(`${EXEC}, command: ./plugin, env: [{name: A, value: 7}]`), ...plugin() },
  },
  {
    title: 'exec with a number as an argument',
    files: { config: exec(`${EXEC}, command: ./plugin, args: [7]`), ...plugin() },
  },
  {
    title: 'exec with provideClusterInfo: yes',
    files: { config: exec(`${EXEC}, command: ./plugin, provideClusterInfo: yes`), ...plugin() },
  },
  {
    title: 'exec beside a token',
    files: { config: withUser(`token: first, exec: {${EXEC}, command: ./plugin}`), ...plugin() },
  },
  {
    title: 'exec with an auth-provider',
    files: withUser(`exec: {${EXEC}, command: ./plugin}, auth-provider: {name: oidc}`),
    message: /authProvider cannot be provided in combination with an exec plugin/,
  },
  { title: 'broken exec of another user', files: GOOD.replace('token: second', 'exec: {}') },
  {
    title: 'broken exec over http',
    files: `${HEAD}clusters:\n- name: one\n  cluster: {server: PLAIN/one}\nusers:\n${user('me', 'exec: {}')}${CONTEXTS}`,
    message: /command must be specified/,
  },
  {
    title: 'an auth-provider with a number in its config',
    files: withUser('auth-provider: {name: oidc, config: {a: 7}}'),
  },
  { title: 'an auth-provider without a name', files: withUser('auth-provider: {config: {}}') },
  {
    title: 'a user without credentials over http',
    files: `${HEAD}clusters:\n- name: one\n  cluster: {server: PLAIN/one}\nusers:\n${user('me', '')}${CONTEXTS}`,
  },
  {
    title: 'a token over http',
    files: `${HEAD}clusters:\n- name: one\n  cluster: {server: PLAIN/one}\n${USERS}${CONTEXTS}`,
  },
  {
    title: 'a proxy-url without a scheme',
    files: withCluster('server: SECURE/one, certificate-authority: CA, proxy-url: "127.0.0.1:3128"'),
    message: /proxy-url/,
  },
  {
    title: 'a proxy-url that is a host name',
    files: withCluster('server: SECURE/one, certificate-authority: CA, proxy-url: "proxy.example:3128"'),
    message: /proxy-url/,
  },
  {
    title: 'a proxy-url of another scheme',
    files: withCluster('server: SECURE/one, certificate-authority: CA, proxy-url: "ftp://127.0.0.1:3128"'),
    message: /unsupported scheme "ftp", must be http, https, or socks5/,
  },
  {
    title: 'a proxy-url that is not a URL',
    files: withCluster('server: SECURE/one, certificate-authority: CA, proxy-url: "http://[::1"'),
  },
  {
    title: 'a proxy-url that refuses',
    files: withCluster('server: SECURE/one, certificate-authority: CA, proxy-url: "http://127.0.0.1:9"'),
    code: 1,
    message: /proxy/,
  },
  {
    title: 'a socks5 proxy-url that refuses',
    files: withCluster('server: SECURE/one, certificate-authority: CA, proxy-url: "socks5://127.0.0.1:9"'),
    code: 1,
    message: /proxy/,
  },
  { title: 'an empty proxy-url', files: withCluster('server: SECURE/one, certificate-authority: CA, proxy-url: ""') },
  {
    title: 'disable-compression: yes',
    files: withCluster('server: SECURE/one, certificate-authority: CA, disable-compression: yes'),
  },
];
