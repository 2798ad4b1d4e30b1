import type { Socket } from 'node:net';

interface State {
  /** How many requests are under way. */
  requests: number;
  /** Of the last time that a request began or ended, in milliseconds. */
  since: number;
  /** Bytes that it has been sent and has not taken. */
  unread: number;
}

/** A request that takes longer may have to make room for another connection. In milliseconds. */
const PATIENCE_MILLIS = 1000;

/**
 * The open connections. When there are too many, one has to go: the one that has been idle for the longest, else the one
 * that has been busy with the same request for the longest. Exporters connect again, so that neither idle connections
 * nor slow ones keep others out. The same holds for what the other side does not read.
 */
export class Connections {
  readonly #limit: number;
  readonly #mostUnread: number;
  readonly #now: () => number;
  /** In the order in which they last had something to do. */
  readonly #states = new Map<Socket, State>();
  #unread = 0;
  #closing = false;

  constructor(limit: number, mostUnread = Infinity, now: () => number = () => performance.now()) {
    this.#limit = limit;
    this.#mostUnread = mostUnread;
    this.#now = now;
  }

  /** False when there is no room: then the connection has been closed. */
  add(socket: Socket): boolean {
    if (this.#states.size >= this.#limit && !this.#closeOne()) {
      socket.destroy();
      return false;
    }
    this.#states.set(socket, { requests: 0, since: this.#now(), unread: 0 });
    socket.once('close', () => this.#remove(socket));
    return true;
  }

  begin(socket: Socket): void {
    this.#count(socket, 1);
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
      if (this.#unread <= this.#mostUnread) return;
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
    for (const [socket, { requests }] of this.#states) if (requests === 0) socket.destroySoon();
  }

  closeAll(): void {
    for (const socket of this.#states.keys()) socket.destroy();
  }

  #count(socket: Socket, step: number): void {
    const state = this.#states.get(socket);
    if (state === undefined) return;
    state.requests += step;
    state.since = this.#now();
    this.#states.delete(socket);
    this.#states.set(socket, state);
    if (this.#closing && state.requests === 0) socket.destroySoon();
  }

  #closeOne(): boolean {
    let busy: Socket | undefined;
    for (const [socket, { requests, since }] of this.#states) {
      if (requests === 0) {
        this.#close(socket);
        return true;
      }
      if (this.#now() - since >= PATIENCE_MILLIS) busy ??= socket;
    }
    if (busy !== undefined) this.#close(busy);
    return busy !== undefined;
  }

  #close(socket: Socket): void {
    this.#remove(socket);
    socket.destroy();
  }

  #remove(socket: Socket): void {
    this.#unread -= this.#states.get(socket)?.unread ?? 0;
    this.#states.delete(socket);
  }
}
