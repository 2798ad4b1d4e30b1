import { getCACertificates } from 'node:tls';

/** Without a CA the system's count, as in Go; Node's own list is what is left on systems that have none. PEM. */
export function systemAuthorities(): string[] {
  const system = getCACertificates('system');
  return system.length > 0 ? system : getCACertificates('default');
}
