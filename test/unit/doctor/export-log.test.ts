import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { exportProblem } from '../../../src/doctor/export-log.ts';

/** Lines that kube-apiserver 1.37.2 and 1.34.4 and etcd 3.7.3 wrote, with other ports. */
const LINES: Readonly<Record<string, readonly [line: string, cause: string, address: string | null]>> = {
  'a server of HTTP/1.1': [
    String.raw`I1130 07:51:20.348050   22855 ???:1] "traces export: exporter export timeout: rpc error: code = Unavailable desc = connection error: desc = \"error reading server preface: http2: failed reading the frame payload: http2: frame too large, note that the frame header looked like an HTTP/1.1 header\""`,
    'EndpointNotGRPC',
    null,
  ],
  'a server of HTTP/1.1, by Kubernetes 1.31': [
    String.raw`I1130 09:01:50.348050   22855 ???:1] "traces export: context deadline exceeded: rpc error: code = Unavailable desc = connection error: desc = \"error reading server preface: http2: frame too large\""`,
    'EndpointNotGRPC',
    null,
  ],
  'a server of HTTP/1.1, of which only the header of a frame has come': [
    String.raw`I1130 11:59:50.348050   22855 ???:1] "traces export: context deadline exceeded: rpc error: code = Unavailable desc = connection error: desc = \"error reading server preface: http2: failed reading the frame payload: %!w(<nil>), note that the frame header looked like an HTTP/1.1 header\""`,
    'EndpointNotGRPC',
    null,
  ],
  'a server of TLS': [
    String.raw`I1130 07:52:08.750654   23646 ???:1] "traces export: exporter export timeout: rpc error: code = Unavailable desc = connection error: desc = \"error reading server preface: EOF\""`,
    'EndpointTLS',
    null,
  ],
  'a port of loopback that nothing listens on, by etcd': [
    '2026/11/30 07:52:57 traces export: exporter export timeout: rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:9: connect: connection refused"',
    'EndpointLoopback',
    '127.0.0.1:9',
  ],
  'a name of the cluster DNS': [
    'I1130 07:53:48.308013   29408 ???:1] "traces export: exporter export timeout: rpc error: code = Unavailable desc = name resolver error: produced zero addresses"',
    'EndpointClusterDNS',
    null,
  ],
  'a server that never responds': [
    String.raw`I1130 07:55:16.150486   31017 ???:1] "traces export: exporter export timeout: rpc error: code = Unavailable desc = connection error: desc = \"error reading server preface: raw-read tcp 127.0.0.1:42018->127.0.0.1:41509: use of closed network connection\""`,
    'CollectorUnreachable',
    null,
  ],
  'a collector that wants credentials': [
    'I1130 07:55:16.150486   31017 ???:1] "traces export: rpc error: code = Unauthenticated desc = missing token"',
    'CollectorRefuses',
    null,
  ],
  'an endpoint without a port': [
    String.raw`I1130 11:20:16.150486   31017 ???:1] "traces export: exporter export timeout: rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing: dial tcp 127.0.0.1:443: connect: connection refused\""`,
    'EndpointInvalid',
    '127.0.0.1:443',
  ],
  'an endpoint with a scheme, which ends the server': [
    String.raw`E1130 11:09:37.952216   11514 run.go:72] "command failed" err="failed to validate tracing configuration: endpoint: Invalid value: \"http://127.0.0.1:4318\": unsupported scheme: http.  Options are none, dns, unix, or unix-abstract.  See https://github.com/grpc/grpc/blob/master/doc/naming.md"`,
    'EndpointInvalid',
    null,
  ],
};

suite('exportProblem', () => {
  for (const [title, [line, cause, address]] of Object.entries(LINES)) {
    test(`${title}: ${cause}`, () => {
      const found = exportProblem(
        `I1130 07:51:00.000000 1 handler.go:1] before\n${line}\nI1130 07:51:30.000000 1 x.go:1] after\n`,
      );
      assert.deepEqual([found?.cause, found?.address], [cause, address]);
      assert.doesNotMatch(found?.line ?? '', /\\"|^"/);
    });
  }

  test('only a refused configuration ends the server', () => {
    const ends = Object.entries(LINES).filter(([, [line]]) => exportProblem(line)?.endsServer === true);
    assert.deepEqual(
      ends.map(([title]) => title),
      ['an endpoint with a scheme, which ends the server'],
    );
  });

  test('the last failure counts', () => {
    const [first] = LINES['a server of HTTP/1.1']!;
    const [second] = LINES['a server of TLS']!;
    assert.equal(exportProblem(`${first}\n${second}\n`)?.cause, 'EndpointTLS');
  });

  test('a log without a failed export has none, and a line of any length is bounded', () => {
    assert.equal(exportProblem('I1130 07:51:00.000000 1 handler.go:1] all is well\n'), null);
    assert.equal(exportProblem(`traces export: ${'x'.repeat(10_000)}`)?.line.length, 400);
  });
});
