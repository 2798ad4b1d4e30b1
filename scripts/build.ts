import { writeProgram } from './build/program.ts';

/** `npm run build`: makes dist/, which is the program, and the notices of the packages that are in it. */
await writeProgram('dist');
