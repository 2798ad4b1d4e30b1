/** Loaded by completion for the names of objects alone: a key press does not wait for the rest of the program. */
export { objectNames } from './commands/complete/object-names.ts';
