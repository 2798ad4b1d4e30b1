import type { DeleteInvocation } from './delete.ts';
import type { GetInvocation } from './get.ts';
import type { PatchInvocation } from './patch.ts';
import type { PodInvocation } from './pod.ts';
import type { RawInvocation } from './raw.ts';
import type { RunInvocation } from './run.ts';
import type { ServeInvocation } from './serve.ts';
import type { ShowInvocation } from './show.ts';
import type { ApplyInvocation, CreateInvocation, ReplaceInvocation } from './write.ts';

/** Commands that send requests of the user's and trace them. */
export type RequestInvocation = GetInvocation | WriteInvocation | RunInvocation;
export type WriteInvocation =
  | CreateInvocation
  | ApplyInvocation
  | ReplaceInvocation
  | PatchInvocation
  | DeleteInvocation
  | RawInvocation;

/** argv, understood. After this nothing looks at argv again. */
export type Invocation =
  | RequestInvocation
  | ShowInvocation
  | ServeInvocation
  | PodInvocation
  | { readonly kind: 'help'; readonly topic?: string }
  | { readonly kind: 'version' };
