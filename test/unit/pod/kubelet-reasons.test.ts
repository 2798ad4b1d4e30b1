import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import type { GoSource } from '../../../scripts/kubernetes/go-source.ts';
import { kubeletReasons, type KubeletReasons } from '../../../scripts/kubernetes/kubelet-reasons.ts';
import { missingReasons } from '../../../scripts/kubernetes/missing-reasons.ts';
import { isTrouble, meaningOf } from '../../../src/pod/event-meaning.ts';
import { EVENT_MEANINGS } from '../../../src/pod/event-table.ts';
import { SIGNS } from '../../../src/pod/signs/sign-of.ts';
import { rejectionOf } from '../../../src/pod/rejections.ts';

const fixture = new URL('../../fixtures/kubernetes/kubelet-reasons.json', import.meta.url);
const extracted = JSON.parse(readFileSync(fixture, 'utf8')) as Record<string, KubeletReasons>;

suite('reasons of the kubelet and the volume controllers', () => {
  assert.deepEqual(Object.keys(extracted), ['v1.29.6', 'v1.37.2']);
  for (const [version, reasons] of Object.entries(extracted)) {
    test(`Kubernetes ${version}: the tables are complete`, () => {
      assert.ok(reasons.events.length > 80, `only ${reasons.events.length} event reasons`);
      assert.ok(reasons.rejections.length > 15, `only ${reasons.rejections.length} rejections`);
      assert.deepEqual(missingReasons(reasons), []);
    });
  }

  test('a reason that a table lacks is reported', () => {
    const news = { events: ['E'], rejections: ['R'], endings: ['P'], waiting: ['W'], terminated: ['T'] };
    assert.deepEqual(missingReasons(news), [
      'EVENT_MEANINGS has no event E',
      'REJECTIONS has no R',
      'SIGNS has no pod reason P',
      'SIGNS has no waiting reason W',
      'SIGNS has no terminated reason T',
    ]);
  });

  test('each event has one meaning, and every failure sign is a failure event of the same stage', () => {
    const says = EVENT_MEANINGS.flatMap((meaning) => meaning.says);
    assert.deepEqual(says.length, new Set(says).size);
    for (const sign of SIGNS.filter(({ source }) => source === 'event')) {
      for (const reason of sign.says) {
        // Killing is neutral in itself; its message says whether a probe was the cause.
        if (reason === 'Killing') continue;
        const meaning = meaningOf(reason);
        assert.notEqual(meaning?.kind, 'neutral', reason);
        assert.equal(meaning?.stage, sign.stage, reason);
      }
    }
  });

  test('a Warning with a neutral reason is not a failed step; a Warning from an unknown component is', () => {
    const marks = (reason: string, warning = true): boolean => isTrouble({ reason, warning });
    assert.equal(marks('DNSConfigForming'), false);
    assert.equal(marks('VolumePermissionChangeInProgress'), false);
    assert.equal(marks('FailedPreStopHook'), false);
    assert.equal(marks('FailedMount'), true);
    assert.equal(marks('SomethingOfAnOperator'), true);
    assert.equal(marks('SomethingOfAnOperator', false), false);
  });

  test('extended resources are rejected with their own reason names', () => {
    assert.ok(rejectionOf('OutOfexample.com/fpga')?.says.includes('OutOf*'));
    assert.equal(rejectionOf('Outage'), undefined);
    assert.equal(rejectionOf('Error'), undefined);
  });
});

/** A Kubernetes of a few lines, with the files that are looked up by name. */
function drawSource(kubelet: string): GoSource {
  const files: Readonly<Record<string, string>> = {
    'pkg/kubelet/events/event.go': 'package events\nconst (\n\tPulledImage = "Pulled"\n)\n',
    'pkg/controller/volume/events/event.go': 'package events\nconst (\n\tFailedBinding = "FailedBinding"\n)\n',
    'pkg/kubelet/images/types.go': 'var (\n\tErrImagePull = errors.New("ErrImagePull")\n)\n',
    'pkg/kubelet/container/sync_result.go': 'var ErrCrashLoopBackOff = errors.New("CrashLoopBackOff")\n',
    'pkg/kubelet/kuberuntime/kuberuntime_container.go': '\n',
    'pkg/kubelet/active_deadline.go': 'const (\n\treason  = "DeadlineExceeded"\n)\n',
    'pkg/kubelet/lifecycle/predicate.go': '\t\treason = re.PredicateName\n',
    'pkg/scheduler/framework/plugins/names/names.go': 'const (\n\tNodePorts = "NodePorts"\n)\n',
    'pkg/scheduler/eventhandlers.go': 'AdmissionResult{Name: nodeports.Name, Reason: nodeports.ErrReason}\n',
    'pkg/kubelet/kubelet.go': kubelet,
  };
  return {
    files: (folder) =>
      Object.entries(files)
        .filter(([path]) => path.startsWith(`${folder}/`))
        .map(([path, text]) => ({ path, text })),
  };
}

suite('reasons are read from Go', () => {
  test('literals, package constants and aliased imports', () => {
    const reasons = kubeletReasons(
      drawSource(`
import (
	kevents "k8s.io/kubernetes/pkg/kubelet/events"
)
const own = "OwnReason"
	r.Eventf(pod, v1.EventTypeWarning, "Literal", "x")
	r.Eventf(pod, v1.EventTypeNormal, own, "x")
	r.Event(pod, v1.EventTypeNormal, kevents.PulledImage, "x")
	return PodAdmitResult{
		Admit:   false,
		Reason:  "NoRoom",
	}
	kl.rejectPod(ctx, pod, own, err.Error())
	status.Reason = own
	Waiting: &v1.ContainerStateWaiting{Reason: "ContainerCreating"}
`),
    );
    assert.deepEqual(reasons, {
      events: ['FailedBinding', 'Literal', 'OwnReason', 'Pulled'],
      rejections: ['NoRoom', 'NodePorts', 'OutOf*', 'OwnReason'],
      endings: ['DeadlineExceeded', 'OwnReason'],
      waiting: ['ContainerCreating', 'CrashLoopBackOff', 'ErrImagePull'],
      terminated: [],
    });
  });

  test('a reason that cannot be read is an error with its location', () => {
    assert.throws(
      () => kubeletReasons(drawSource('\n\tr.Eventf(pod, v1.EventTypeWarning, someVariable, "x")\n')),
      /pkg\/kubelet\/kubelet\.go:2: cannot read the reason someVariable/,
    );
  });
});
