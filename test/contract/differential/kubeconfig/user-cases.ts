import { CLUSTERS, CONTEXTS, HEAD, user, USERS, withUser, type KubeconfigCase } from './case.ts';

/** Meaning of a user entry in a kubeconfig. */
export const USER_CASES: readonly KubeconfigCase[] = [
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
    title: 'an invalid client certificate',
    files: { config: withUser('client-certificate-data: YWJj, client-key-data: YWJj') },
  },
  {
    title: 'an invalid client certificate file',
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
  {
    title: 'a user without credentials over http',
    files: `${HEAD}clusters:\n- name: one\n  cluster: {server: PLAIN/one}\nusers:\n${user('me', '')}${CONTEXTS}`,
  },
  {
    title: 'a token over http',
    files: `${HEAD}clusters:\n- name: one\n  cluster: {server: PLAIN/one}\n${USERS}${CONTEXTS}`,
  },
];
