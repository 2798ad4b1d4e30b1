import { GOOD, withCluster, type KubeconfigCase } from './case.ts';

/** Meaning of a cluster entry in a kubeconfig. */
export const CLUSTER_CASES: readonly KubeconfigCase[] = [
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
