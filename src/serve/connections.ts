import type { Socket } from 'node:net';

/**
 * The open connections. When there are too many, one that nothing is under way on has to go, the one that has been idle
 * for the longest: exporters connect again by themselves, so that idle connections keep nobody out.
 */
export class Connections {
  readonly #limit: number;
  /** How many requests are under way on each. In the order in which they last had something to do. */
  readonly #busy = new Map<Socket, number>();
  #closing = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** False when there is no room: then the connection has been closed. */
  add(socket: Socket): boolean {
    if (this.#busy.size >= this.#limit && !this.#closeLongestIdle()) {
      socket.destroy();
      return false;
    }
    this.#busy.set(socket, 0);
    socket.once('close', () => this.#busy.delete(socket));
    return true;
  }

  begin(socket: Socket): void {
    this.#count(socket, 1);
  }

  end(socket: Socket): void {
    this.#count(socket, -1);
  }

  /** From now on a connection ends with the last request on it; those without any end now. */
  closeIdle(): void {
    this.#closing = true;
    for (const [socket, count] of this.#busy) if (count === 0) socket.destroySoon();
  }

  closeAll(): void {
    for (const socket of this.#busy.keys()) socket.destroy();
  }

  #count(socket: Socket, step: number): void {
    const count = this.#busy.get(socket);
    if (count === undefined) return;
    this.#busy.delete(socket);
    this.#busy.set(socket, count + step);
    if (this.#closing && count + step === 0) socket.destroySoon();
  }

  #closeLongestIdle(): boolean {
    for (const [socket, count] of this.#busy) {
      if (count > 0) continue;
      this.#busy.delete(socket);
      socket.destroy();
      return true;
    }
    return false;
  }
}
