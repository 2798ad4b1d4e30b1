import type { RandomBytes } from '../trace/ids.ts';

/** The kernel's random numbers, as random(4) and urandom(4) describe them. */
export const KERNEL_RANDOM = '/dev/urandom';

/** Enough for the IDs of a short command. The kernel gives as much at once without an interruption. */
const POOL_BYTES = 256;

/**
 * Random bytes for IDs and for secrets, read from the kernel's own device: node:crypto takes 6 to 9 ms to load, and kubectl
 * is started before it is needed. Where there is no such device, node:crypto gives them. No byte is given twice.
 */
export function openRandom(device: string): RandomBytes {
  let pool: Buffer = Buffer.alloc(0);
  return (size) => {
    if (size > pool.length) pool = readDevice(device) ?? pool;
    if (size > pool.length) return process.getBuiltinModule('node:crypto').randomBytes(size);
    const bytes = Buffer.from(pool.subarray(0, size));
    pool.fill(0, 0, size);
    pool = pool.subarray(size);
    return bytes;
  };
}

/** Undefined where it cannot be read, and where an ordinary file has its name. */
function readDevice(path: string): Buffer | undefined {
  const fs = process.getBuiltinModule('node:fs');
  try {
    const device = fs.openSync(path, 'r');
    try {
      const pool = Buffer.alloc(POOL_BYTES);
      const isWhole = fs.fstatSync(device).isCharacterDevice() && fs.readSync(device, pool) === POOL_BYTES;
      return isWhole ? pool : undefined;
    } finally {
      fs.closeSync(device);
    }
  } catch {
    return undefined;
  }
}
