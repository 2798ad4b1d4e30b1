import { PLUGIN, V1BETA1, exec, type PluginCase } from './case.ts';

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
const certificate = { 'client-certificate-data': 'JANE_CERT', 'client-key-data': 'JANE_KEY' };
const files = { 'client-certificate': 'FOLDER/client.crt', 'client-key': 'FOLDER/client.key' };
const DENY = `${V1BETA1}credentialPluginPolicy: DenyAll\n`;

/** A plugin beside other credentials: what wins, and whether the plugin runs at all. */
export const USER_CASES: readonly PluginCase[] = [
  { title: 'a token beside the plugin', user: { ...exec(), token: 'first' }, ran: false, sent: 'Bearer first' },
  {
    title: 'a token file beside the plugin',
    user: { ...exec(), tokenFile: 'FOLDER/token' },
    files: { token: 'second' },
    ran: false,
    sent: 'Bearer second',
  },
  {
    title: 'user name and password beside the plugin',
    user: { ...exec(), username: 'u', password: 'p' },
    ran: false,
    sent: basic('u:p'),
  },
  { title: 'a user name alone beside the plugin', user: { ...exec(), username: 'u' }, ran: false, sent: basic('u:') },
  { title: 'a password alone beside the plugin', user: { ...exec(), password: 'p' }, ran: true, sent: PLUGIN },
  { title: 'a certificate beside the plugin', user: { ...exec(), ...certificate }, ran: false, sent: 'jane' },
  { title: 'a certificate in files beside the plugin', user: { ...exec(), ...files }, ran: false, sent: 'jane' },
  {
    title: 'a certificate and a user name beside the plugin',
    user: { ...exec(), ...certificate, username: 'u', password: 'p' },
    ran: false,
    sent: basic('u:p'),
  },
  {
    title: 'a key without its certificate beside the plugin',
    user: { ...exec(), 'client-key-data': 'JANE_KEY' },
    ran: true,
    sent: PLUGIN,
  },
  {
    title: 'a certificate without its key beside the plugin',
    user: { ...exec(), 'client-certificate-data': 'JANE_CERT' },
    ran: false,
    sent: undefined,
  },
  { title: 'a plugin that gives a certificate', user: exec('FOLDER/certificate'), ran: true, sent: 'jane' },
  {
    title: 'a plugin that gives a certificate, and a certificate of the user',
    user: {
      ...exec('FOLDER/certificate'),
      'client-certificate-data': 'JOHN_CERT',
      'client-key-data': 'JOHN_KEY',
    },
    ran: false,
    sent: 'john',
  },
  { title: '--token', flags: ['--token', 'third'], ran: false, sent: 'Bearer third' },
  { title: '--username and --password', flags: ['--username=u', '--password=p'], ran: false, sent: basic('u:p') },
  { title: '--username', flags: ['--username=u'], ran: false, sent: basic('u:') },
  { title: '--password', flags: ['--password=p'], ran: true, sent: PLUGIN },
  {
    title: '--client-certificate and --client-key',
    flags: ['--client-certificate=FOLDER/client.crt', '--client-key=FOLDER/client.key'],
    ran: false,
    sent: 'jane',
  },
  { title: '--client-key', flags: ['--client-key=FOLDER/client.key'], ran: true, sent: PLUGIN },
  { title: '--client-certificate', flags: ['--client-certificate=FOLDER/client.crt'], ran: false, sent: undefined },
  { title: '--token and --username', flags: ['--token=third', '--username=u'], ran: false, sent: undefined },
  { title: '--as', flags: ['--as=other'], ran: true, sent: PLUGIN },
  {
    title: 'a denied plugin, and --username',
    kuberc: DENY,
    flags: ['--username=u', '--password=p'],
    ran: false,
    sent: basic('u:p'),
  },
  {
    title: 'a denied plugin, and --token',
    kuberc: DENY,
    flags: ['--token', 'third'],
    ran: false,
    sent: 'Bearer third',
  },
  {
    title: 'a denied plugin, and a certificate',
    kuberc: DENY,
    user: { ...exec(), ...certificate },
    ran: false,
    sent: 'jane',
  },
  { title: 'a denied plugin, and plain http', kuberc: DENY, flags: ['--server=PLAIN'], ran: false, sent: null },
  { title: 'a plugin, and plain http', flags: ['--server=PLAIN'], ran: false, sent: null },
  {
    title: 'a plugin that must have a terminal',
    user: exec('FOLDER/plugin', { interactiveMode: 'Always' }),
    ran: false,
    sent: undefined,
    says: /standard input is not a terminal/,
  },
  {
    title: 'a denied plugin that must have a terminal',
    kuberc: DENY,
    user: exec('FOLDER/plugin', { interactiveMode: 'Always' }),
    ran: false,
    sent: undefined,
    says: /standard input is not a terminal/,
  },
  {
    title: 'an invalid kuberc, and a token',
    kuberc: `${V1BETA1}credentialPluginPolicy: Never\n`,
    user: { token: 'first' },
    ran: false,
    sent: undefined,
    says: /unknown plugin policy: "Never"/,
  },
];
