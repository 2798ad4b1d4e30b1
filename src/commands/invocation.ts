import type { DeleteInvocation } from './delete/arguments.ts';
import type { GetInvocation } from './get/arguments.ts';
import type { PatchInvocation } from './patch/arguments.ts';
import type { RawInvocation } from './raw/arguments.ts';
import type { RunInvocation } from './run/arguments.ts';
import type { ApplyInvocation, CreateInvocation, ReplaceInvocation } from './write/arguments.ts';

/** Commands that send requests of the user's and trace them. */
export type RequestInvocation = GetInvocation | WriteInvocation | RunInvocation;
export type WriteInvocation =
  | CreateInvocation
  | ApplyInvocation
  | ReplaceInvocation
  | PatchInvocation
  | DeleteInvocation
  | RawInvocation;
