import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { executable } from '../../test/lab/cluster/build.ts';
import { packetTimes } from '../../test/lab/cluster/versions.ts';

/** A packet on loopback, by the kernel's clock. */
export interface Packet {
  /** Milliseconds. */
  readonly at: number;
  /** Port of the client, which identifies a connection. */
  readonly client: number;
  readonly from: 'client' | 'server';
  readonly kind: 'syn' | 'data';
  /** Bytes of the payload. */
  readonly size: number;
}

/** Milliseconds that network and server needed for a connection and its first response. */
export interface ConnectionTimes {
  readonly tcp: number;
  readonly tls: number;
  readonly server: number;
}

/** Smaller ones are frames of TLS or HTTP/2 about the connection: settings and their acknowledgements. */
const LEAST_REQUEST = 80;
const LEAST_RESPONSE = 200;

/**
 * Times that the packets of a connection of TLS 1.3 show. The client's own work lies between a packet of the server and the
 * client's next one, and is in none of the times:
 *
 *     client   SYN           ClientHello                Finished, request
 *     server      | SYN-ACK             | Certificate                    | ticket         | response
 *               tcp                 tls                                  |-----server-----|
 */
export function connectionTimes(packets: readonly Packet[]): ConnectionTimes | undefined {
  const [syn, answer] = packets.filter(({ kind }) => kind === 'syn');
  const data = packets.filter(({ kind }) => kind === 'data');
  const finished = data.findIndex(({ from }, index) => from === 'client' && data[index - 1]?.from === 'server');
  const [hello] = data;
  const certificate = data[finished - 1];
  const behind = data.slice(finished);
  // A ticket that holds a client certificate is as large as a response.
  const ticket = behind.findIndex(({ from }) => from === 'server');
  const response = behind.findIndex(
    ({ from, size }, index) => index > ticket && from === 'server' && size >= LEAST_RESPONSE,
  );
  const request = behind.slice(0, response).findLast(({ from, size }) => from === 'client' && size >= LEAST_REQUEST);
  const first = behind[response];
  if (syn === undefined || answer === undefined || hello === undefined || certificate === undefined) return undefined;
  if (ticket < 0 || request === undefined || first === undefined) return undefined;
  return { tcp: answer.at - syn.at, tls: certificate.at - hello.at, server: first.at - request.at };
}

/** Watches the packets of a port of loopback. Rejects where raw sockets are not permitted. */
export class PacketWatch {
  readonly #packets: Packet[] = [];
  readonly #child;

  static async open(port: number): Promise<PacketWatch> {
    const watch = new PacketWatch(await executable(packetTimes), port);
    await watch.#ready();
    return watch;
  }

  private constructor(program: string, port: number) {
    this.#child = spawn(program, ['-port', String(port)], { stdio: ['pipe', 'pipe', 'inherit'] });
  }

  async #ready(): Promise<void> {
    let rest = '';
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      this.#packets.push(...lines.filter((line) => line !== 'ready').map(parse));
    });
    const ended = once(this.#child, 'close').then(([code]) => {
      throw new Error(`packet-times ended with ${code}`);
    });
    ended.catch(() => undefined);
    await Promise.race([once(this.#child.stdout, 'data'), ended]);
  }

  /** The first connection that `work` made, and its result. */
  async during<T>(
    work: () => Promise<T>,
  ): Promise<{ readonly result: T; readonly times: ConnectionTimes | undefined }> {
    this.#packets.length = 0;
    const result = await work();
    // The last packets may still be on their way from the kernel.
    await sleep(30);
    const first = this.#packets.find(({ kind }) => kind === 'syn');
    return { result, times: connectionTimes(this.#packets.filter(({ client }) => client === first?.client)) };
  }

  close(): void {
    this.#child.removeAllListeners('close');
    this.#child.stdin.end();
  }
}

function parse(line: string): Packet {
  const [nanos = '', client, from, kind, size] = line.split(' ');
  return { at: Number(nanos) / 1e6, client: Number(client), from, kind, size: Number(size) } as Packet;
}
