import { FIRST_TRUSTING_MINOR } from '../../analysis/prediction.ts';
import { programName } from '../../format/program-name.ts';
import type { Observed } from '../observed.ts';
import { valueOf } from '../reading.ts';
import { ok, unknown, wrong, type CheckResult } from '../result.ts';
import type { Conclusions } from '../traced.ts';

/** A user in system:monitoring is recorded whatever the rate, where the version continues a client's trace. */
const fixes = (canBeAccepted: boolean): readonly string[] => [
  ...(canBeAccepted ? [`${programName()} setup identity    makes a user in system:monitoring, for --tracer-user`] : []),
  'samplingRatePerMillion: 1000000    in the file of --tracing-config-file records every request, for a test cluster',
];

/** Does the API server record our requests? */
export function checkSampling(
  { file, version }: Observed,
  { isRecorded, isTracing }: Conclusions,
  isAccepted: boolean | null,
): CheckResult {
  const looked = file === null ? [] : [`${file.path}: samplingRatePerMillion ${file.samplingRatePerMillion}`];
  if (isTracing === false)
    return unknown('sampling', 'nothing is recorded while the API server does not trace', { looked });
  if (isAccepted === true) {
    return ok('sampling', 'your requests are recorded, whatever the rate', { looked });
  }
  if (isRecorded === true) return ok('sampling', 'the API server has recorded our request at its own rate', { looked });
  if (isRecorded === false) {
    return wrong(
      'sampling',
      'failed',
      'NotSampled',
      'the API server does not record your requests: its rate is 0 or low, and it does not continue your traces',
      {
        looked: [...looked, 'its metrics have no trace that it began for our requests'],
        fix: fixes((valueOf(version)?.minor ?? FIRST_TRUSTING_MINOR) >= FIRST_TRUSTING_MINOR),
      },
    );
  }
  return unknown('sampling', "the server's sampling rate is not known", {
    looked,
    fix: ['give a copy of the file: --tracing-config-file FILE'],
  });
}
