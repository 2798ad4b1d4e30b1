import { formatDuration } from '../../analysis/wording/duration.ts';
import { programName } from '../../format/program-name.ts';
import { shell } from '../../format/shell-command.ts';
import type { Observed } from '../observed.ts';
import { ok, wrong, type Cause, type CheckResult } from '../result.ts';

const DAY_MILLIS = 86_400_000;
/** A certificate that ends within this is worth a word. */
const SOON_MILLIS = 14 * DAY_MILLIS;

/** Does the API server respond, and does it know this user? */
export function checkReach(observed: Observed): CheckResult {
  const { server, reach, certificateEndsInMillis: left, tracerUser } = observed;
  const looked = [`GET ${server}/version`];
  if (left !== null) {
    const days = Math.floor(Math.abs(left) / DAY_MILLIS);
    looked.push(
      left > 0 ? `the client certificate ends in ${days} days` : `the client certificate ended ${days} days ago`,
    );
  }
  if (reach.status === 'reached') {
    const summary = `${server} responds in ${formatDuration(reach.durationNanos)}`;
    if (left === null || left > SOON_MILLIS) return ok('reach', summary, { looked });
    return ok('reach', `${summary}; your client certificate ends in ${Math.floor(left / DAY_MILLIS)} days`, { looked });
  }
  const isExpired = reach.reason === 'Unauthorized' && left !== null && left <= 0;
  if (isExpired) {
    return wrong(
      'reach',
      'failed',
      'CertificateExpired',
      `${server} refuses your client certificate, which has expired`,
      {
        looked,
        fix: [
          tracerUser === undefined
            ? 'kubeadm certs renew admin.conf    on a control-plane node of kubeadm; else log in again'
            : `${programName()} ${shell`setup identity --tracer-name ${tracerUser}`}    makes a new one`,
        ],
      },
    );
  }
  const cause: Cause =
    reach.reason === 'CertificateExpired' ? 'CertificateExpired' : isRefusal(reach.reason) ? 'Refused' : 'Unreachable';
  const fix =
    reach.hint === null ? ['check the address, the network and the kubeconfig: kubectl cluster-info'] : [reach.hint];
  return wrong('reach', 'failed', cause, reach.message, { looked, fix });
}

const isRefusal = (reason: string): boolean => reason === 'Unauthorized' || reason === 'Forbidden';
