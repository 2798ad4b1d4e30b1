import { ageText } from '../../format/age.ts';
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
  const { server, reach, certificateEndsInMillis: left, certificateBeginsInMillis: wait, tracerUser } = observed;
  const looked = [`GET ${server}/version`];
  if (left !== null) {
    looked.push(
      left > 0 ? `the client certificate ends in ${age(left)}` : `the client certificate ended ${age(-left)} ago`,
    );
  }
  const isEarly = wait != null && wait > 0;
  if (isEarly) looked.push(`the client certificate is not valid for another ${age(wait)}`);
  if (reach.status === 'reached') {
    const summary = `${server} responds in ${formatDuration(reach.durationNanos)}`;
    if (left === null || left > SOON_MILLIS) return ok('reach', summary, { looked });
    return ok('reach', `${summary}; your client certificate ends in ${age(left)}`, { looked });
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
  if (isEarly && isRefusal(reach.reason)) {
    const message = `${server} refuses your client certificate, which by this machine's clock is not valid for another ${age(wait)}`;
    const fix = ['compare the clock of this machine with that of the one which made the certificate'];
    return wrong('reach', 'failed', 'Refused', message, { looked, fix });
  }
  const cause: Cause =
    reach.reason === 'CertificateExpired' ? 'CertificateExpired' : isRefusal(reach.reason) ? 'Refused' : 'Unreachable';
  const fix =
    reach.hint === null ? ['check the address, the network and the kubeconfig: kubectl cluster-info'] : [reach.hint];
  return wrong('reach', 'failed', cause, reach.message, { looked, fix });
}

const age = (millis: number): string => ageText(millis / 1000);

const isRefusal = (reason: string): boolean => reason === 'Unauthorized' || reason === 'Forbidden';
