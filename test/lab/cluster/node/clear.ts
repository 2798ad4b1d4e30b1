import { removeOutside } from './outside.ts';

/** `clear.ts OWNER`: what the supervisor runs at its end, when the program that started the node may be gone. */
await removeOutside(Number(process.argv[2]));
