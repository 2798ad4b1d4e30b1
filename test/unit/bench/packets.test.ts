import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectionTimes, type Packet } from '../../../scripts/bench/packets.ts';

/** One line for each packet: microseconds since the one before, its sender, and its payload; 0 is a SYN. */
function recorded(lines: string): readonly Packet[] {
  let at = 0;
  return lines
    .trim()
    .split('\n')
    .map((line) => {
      const [since, from, size] = line.trim().split(' ');
      at += Number(since) / 1000;
      return { at, client: 1, from, kind: size === '0' ? 'syn' : 'data', size: Number(size) } as Packet;
    });
}

const rounded = (packets: readonly Packet[]): unknown => {
  const times = connectionTimes(packets);
  return times && Object.fromEntries(Object.entries(times).map(([part, millis]) => [part, Math.round(millis * 1000)]));
};

test('curl sends its request after the handshake', () => {
  const packets = recorded(`0 client 0
    20 server 0
    1650 client 517
    598 server 889
    7850 client 94
    237 server 144
    523 client 179
    3329 server 1208
    63 server 127
    351 client 24
    5987 server 24`);
  assert.deepEqual(rounded(packets), { tcp: 20, tls: 598, server: 3329 });
});

test('this program sends its request with the end of the handshake', () => {
  const packets = recorded(`0 client 0
    3 server 0
    3071 client 1568
    732 server 1963
    7587 client 607
    157 server 144
    2896 server 1208
    11 server 2394
    15373 server 24`);
  assert.deepEqual(rounded(packets), { tcp: 3, tls: 732, server: 3053 });
});

test('settings of HTTP/2 are neither the request nor the response', () => {
  const packets = recorded(`0 client 0
    7 server 0
    2932 client 517
    1021 server 884
    1160 client 94
    171 client 86
    66 client 111
    3071 server 144
    148 server 67
    10 server 44
    51 client 31
    2039 server 227
    80 server 988`);
  assert.deepEqual(rounded(packets), { tcp: 7, tls: 1021, server: 5319 });
});

test('a ticket with a client certificate is as large as a response', () => {
  const packets = recorded(`0 client 0
    5 server 0
    3000 client 517
    700 server 1900
    5000 client 1800
    100 client 150
    400 server 1400
    2600 server 1208`);
  assert.deepEqual(rounded(packets), { tcp: 5, tls: 700, server: 3000 });
});

test('a connection without a response has no times', () => {
  assert.equal(connectionTimes([]), undefined);
  assert.equal(rounded(recorded('0 client 0\n 5 server 0\n 300 client 517\n 700 server 1900')), undefined);
});
