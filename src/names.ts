/** A program of its own, which completion loads for the names of objects: nothing that it does not need is in it. */
export { objectNames } from './commands/complete/object-names.ts';
