import type { Socket } from 'node:net';

interface State {
  /** How many requests are under way. */
  requests: number;
  /** Whether a request that it brought with it may still be unread. */
  fresh: boolean;
  /** When a request last began or ended, in milliseconds. */
  since: number;
  /** Bytes that it has been sent and has not taken. */
  unread: number;
}

/** A request that takes longer may have to make room for another connection. In milliseconds. */
const REQUEST_TIMEOUT_MILLIS = 1000;
/** Connections that wait for room at one time. Nothing is read from them, so that each takes a few KiB. */
const MAX_WAITING = 1000;

/**
 * The open connections. When there are too many, one has to go: the one that has been idle for the longest, else the one
 * that has not taken its response for the longest, else the one that has been busy with the same request for the
 * longest. Exporters connect again, so that neither idle connections nor slow ones keep others out. A new connection
 * stays until its request can be read. While none may go, others wait unread, first come, first served.
 */
export class Connections {
  readonly #limit: number;
  readonly #maxUnread: number;
  readonly #now: () => number;
  /** In the order in which they last had something to do. */
  readonly #states = new Map<Socket, State>();
  /** In the order in which they came, with what serves them. */
  readonly #waiting = new Map<Socket, () => void>();
  #timer: NodeJS.Timeout | undefined;
  #unread = 0;
  #closing = false;

  constructor(limit: number, maxUnread = Infinity, now: () => number = () => performance.now()) {
    this.#limit = limit;
    this.#maxUnread = maxUnread;
    this.#now = now;
  }

  /** Calls `serve` when there is room for the connection; closes it when too many wait already. */
  admit(socket: Socket, serve: () => void): void {
    if (this.#waiting.size >= MAX_WAITING || this.#closing) {
      socket.destroy();
      return;
    }
    this.#waiting.set(socket, serve);
    socket.once('close', () => {
      this.#remove(socket);
      this.#admitWaiting();
    });
    this.#admitWaiting();
  }

  /** The connection goes on as another socket, which is the same over TLS. */
  continueAs(socket: Socket, secured: Socket): void {
    const state = this.#states.get(socket);
    if (state === undefined) {
      secured.destroy();
      return;
    }
    this.#states.delete(socket);
    this.#states.set(secured, state);
    state.since = this.#now();
    state.fresh = true;
    secured.once('close', () => {
      this.#remove(secured);
      this.#admitWaiting();
    });
    this.#afterReading(() => (state.fresh = false));
  }

  /** How many requests of the connection are under way now. */
  begin(socket: Socket): number {
    this.#count(socket, 1);
    return this.#states.get(socket)?.requests ?? 0;
  }

  end(socket: Socket): void {
    this.#count(socket, -1);
  }

  /** So much has been sent that has not been taken yet; 0 when it has. Too much of it costs those who take nothing. */
  unread(socket: Socket, bytes: number): void {
    const state = this.#states.get(socket);
    if (state === undefined) return;
    this.#unread += bytes - state.unread;
    state.unread = bytes;
    for (const [other, { unread }] of this.#states) {
      if (this.#unread <= this.#maxUnread) return;
      if (unread > 0 && other !== socket) this.#close(other);
    }
  }

  /** Something has been taken: it is not the one that has waited for the longest. */
  progress(socket: Socket): void {
    this.#count(socket, 0);
  }

  /** From now on a connection ends with the last request on it; those without any end now. */
  closeIdle(): void {
    this.#closing = true;
    this.#refuseWaiting();
    for (const [socket, { requests }] of this.#states) if (requests === 0) socket.destroySoon();
  }

  closeAll(): void {
    this.#closing = true;
    this.#refuseWaiting();
    for (const socket of this.#states.keys()) socket.destroy();
  }

  #count(socket: Socket, step: number): void {
    const state = this.#states.get(socket);
    if (state === undefined) return;
    state.requests += step;
    state.fresh = false;
    state.since = this.#now();
    this.#states.delete(socket);
    this.#states.set(socket, state);
    if (state.requests > 0) return;
    if (this.#closing) socket.destroySoon();
    this.#admitWaiting();
  }

  #refuseWaiting(): void {
    for (const socket of this.#waiting.keys()) socket.destroy();
    this.#waiting.clear();
  }

  #admitWaiting(): void {
    if (this.#waiting.size === 0) return;
    clearTimeout(this.#timer);
    for (;;) {
      const [next] = this.#waiting;
      if (next === undefined) return;
      if (this.#states.size >= this.#limit && !this.#closeOne()) break;
      const [socket, serve] = next;
      this.#waiting.delete(socket);
      const state = { requests: 0, fresh: true, since: this.#now(), unread: 0 };
      this.#states.set(socket, state);
      this.#afterReading(() => (state.fresh = false));
      serve();
    }
    const [oldest] = this.#states.values();
    if (oldest === undefined) return;
    const millis = Math.max(oldest.since + REQUEST_TIMEOUT_MILLIS - this.#now(), 0);
    this.#timer = setTimeout(() => this.#admitWaiting(), millis).unref();
  }

  /** The next turn of the event loop may begin before it looks for what is to be read, the one after it does not. */
  #afterReading(work: () => void): void {
    setImmediate(() =>
      setImmediate(() => {
        work();
        this.#admitWaiting();
      }),
    );
  }

  /** False when none may go yet. */
  #closeOne(): boolean {
    let stalled: Socket | undefined;
    let slow: Socket | undefined;
    for (const [socket, { requests, fresh, since, unread }] of this.#states) {
      if (requests === 0 && !fresh) {
        this.#close(socket);
        return true;
      }
      if (requests === 0 || this.#now() - since < REQUEST_TIMEOUT_MILLIS) continue;
      if (unread > 0) stalled ??= socket;
      else slow ??= socket;
    }
    const last = stalled ?? slow;
    if (last !== undefined) this.#close(last);
    return last !== undefined;
  }

  #close(socket: Socket): void {
    this.#remove(socket);
    socket.destroy();
  }

  #remove(socket: Socket): void {
    this.#waiting.delete(socket);
    this.#unread -= this.#states.get(socket)?.unread ?? 0;
    this.#states.delete(socket);
  }
}
