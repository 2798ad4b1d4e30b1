import { between, nanosFromMillis, type Nanos } from '../../trace/time.ts';
import { backOffNanos } from '../causes/crash.ts';
import { containerWords } from '../causes/sidecar.ts';
import type { Container } from '../containers.ts';
import type { InferredRow } from './inferred-row.ts';
import { shortDuration } from './words.ts';

/** A shorter pause is the restart itself: the first one comes at once, and the next back-off is 10 s. */
const SHORTEST = nanosFromMillis(5000);

/** The pause of the kubelet before it starts a container again: until its next run, or until now while it lasts. */
export function restartRow(
  container: Container,
  last: InferredRow | undefined,
  current: InferredRow | undefined,
  end: InferredRow['to'],
): InferredRow | undefined {
  const { state } = container;
  if (last === undefined || container.restarts === 0) return undefined;
  if (state?.kind === 'waiting') {
    const isPause = state.reason === 'CrashLoopBackOff' && last.to < end;
    return isPause ? row(container, last.to, end, { length: backOffNanos(state), isOpen: true }) : undefined;
  }
  if (current === undefined) return undefined;
  const length = between(last.to, current.from);
  return length < SHORTEST ? undefined : row(container, last.to, current.from, { length, isOpen: false });
}

function row(
  container: Container,
  from: InferredRow['from'],
  to: InferredRow['to'],
  { length, isOpen }: { readonly length: Nanos | undefined; readonly isOpen: boolean },
): InferredRow {
  const name = `back-off${length === undefined ? '' : ` ${shortDuration(length)}`}${isOpen ? ', still open' : ''}`;
  return {
    label: [`${name} before ${containerWords(container)} restarts (inferred)`, name],
    from,
    to,
    source: 'gap',
    component: 'kubelet',
  };
}
