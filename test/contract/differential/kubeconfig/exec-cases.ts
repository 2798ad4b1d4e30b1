import { CONTEXTS, GOOD, HEAD, user, withUser, type KubeconfigCase } from './case.ts';

const EXEC = 'apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never';
const exec = (parts: string): string => withUser(`exec: {${parts}}`);
const plugin = (name = 'plugin'): Record<string, string> => ({
  [name]: `#!/bin/sh\nprintf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"from-plugin"}}'\n`,
});

/** Credential plugins and providers of a kubeconfig. */
export const EXEC_CASES: readonly KubeconfigCase[] = [
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
];
