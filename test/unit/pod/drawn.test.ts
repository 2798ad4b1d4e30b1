import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { eventOf, eventsOf } from '../../../src/pod/events.ts';
import { nodeOf } from '../../../src/pod/node.ts';
import { podOf } from '../../../src/pod/objects.ts';
import { podLifecycle, type PodLifecycle } from '../../../src/pod/lifecycle.ts';
import { epochNanos, nanosFromMillis } from '../../../src/trace/time.ts';

/** Seconds after the pod was created, as the API writes them. */
const time = (seconds: number): string =>
  new Date(Date.parse('2026-11-23T08:58:14Z') + seconds * 1000).toISOString().replace('.000', '');
const UID = '0a1b2c3d-0000-4000-8000-000000000001';

const OF_CONTAINER = { kind: 'Pod', name: 'web', uid: UID, fieldPath: 'spec.containers{c}' };

interface Drawn {
  readonly metadata?: object;
  readonly spec?: object;
  readonly status?: object;
  readonly events?: readonly object[];
  readonly node?: object;
  readonly renewed?: number;
  /** Seconds after its creation; 120 without. */
  readonly now?: number;
}

/** A pod on node n1 with one container, and what Kubernetes has written of it. For what no recorded story has. */
function lifecycleOf({ metadata, spec, status, events = [], node, renewed, now = 120 }: Drawn): PodLifecycle {
  const pod = podOf({
    metadata: { name: 'web', namespace: 'shop', uid: UID, creationTimestamp: time(0), ...metadata },
    spec: { nodeName: 'n1', containers: [{ name: 'c', image: 'registry.test/web:1' }], ...spec },
    status: {
      phase: 'Pending',
      startTime: time(1),
      conditions: [{ type: 'PodScheduled', status: 'True', lastTransitionTime: time(1) }],
      ...status,
    },
  })!;
  const about = { kind: 'Pod', name: 'web', uid: UID };
  const all = events.map((event) =>
    eventOf({
      involvedObject: about,
      firstTimestamp: time(2),
      source: { component: 'kubelet' },
      type: 'Warning',
      ...event,
    })!,
  );
  const { own, earlier } = eventsOf(all, UID);
  return podLifecycle({
    now: epochNanos(BigInt(Date.parse(time(now))) * 1_000_000n),
    untilStuck: nanosFromMillis(60_000),
    pod,
    events: own,
    earlierEvents: earlier,
    node: nodeOf(
      node && { metadata: { name: 'n1' }, ...node },
      renewed === undefined ? {} : { spec: { renewTime: time(renewed) } },
    ),
    owners: [],
    spans: [],
    logs: [],
  });
}

const waiting = (reason: string, message?: string): object => ({
  containerStatuses: [{ name: 'c', state: { waiting: { reason, message } } }],
});

/** Running and Ready since `seconds` after its creation. */
const readyStatus = (seconds: number): { readonly conditions: object[] } & Record<string, unknown> => ({
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: time(seconds) }],
  containerStatuses: [{ name: 'c', ready: true, started: true, state: { running: { startedAt: time(seconds) } } }],
});

const STORIES: readonly (readonly [what: string, drawn: Drawn, verdict: string, words: RegExp])[] = [
  [
    'a name that does not resolve',
    {
      status: waiting(
        'ErrImagePull',
        'failed to do request: Head "https://registry.test/v2/": dial tcp: lookup registry.test on 10.96.0.10:53: no such host',
      ),
    },
    'stuck at ImagePull, ImagePull',
    /registry\.test does not resolve \(no such host, DNS server 10\.96\.0\.10\)/,
  ],
  [
    'a certificate that nobody trusts',
    {
      status: waiting(
        'ErrImagePull',
        'Head "https://r/": tls: failed to verify certificate: x509: certificate signed by unknown authority',
      ),
    },
    'stuck at ImagePull, ImagePull',
    /not trusted: certificate signed by unknown authority/,
  ],
  [
    'too many pulls',
    { status: waiting('ErrImagePull', 'unexpected status: 429 Too Many Requests') },
    'stuck at ImagePull, ImagePull',
    /429/,
  ],
  [
    'an image that must not be pulled',
    {
      status: waiting(
        'ErrImageNeverPull',
        'Container image "registry.test/web:1" is not present with pull policy of Never',
      ),
    },
    'stuck at ImagePull, ImagePull',
    /imagePullPolicy is Never/,
  ],
  [
    'a key that a ConfigMap does not have',
    { status: waiting('CreateContainerConfigError', "couldn't find key port in ConfigMap shop/settings") },
    'stuck at ContainerCreate, MissingConfigMap',
    /settings has no key port/,
  ],
  [
    'a missing Secret of the environment',
    { status: waiting('CreateContainerConfigError', 'secret "db" not found') },
    'stuck at ContainerCreate, MissingSecret',
    /no Secret db/,
  ],
  [
    'a volume that cannot be attached',
    {
      events: [
        {
          reason: 'FailedAttachVolume',
          message: 'AttachVolume.Attach failed for volume "pvc-1" : rpc error',
          source: { component: 'attachdetach-controller' },
        },
      ],
    },
    'stuck at Volumes, VolumeAttach',
    /pvc-1/,
  ],
  [
    'a volume that cannot be mounted',
    {
      events: [
        { reason: 'FailedMount', message: 'MountVolume.SetUp failed for volume "nfs" : mount failed: exit status 32' },
      ],
    },
    'stuck at Volumes, VolumeMount',
    /nfs/,
  ],
  [
    'a network that is not ready',
    {
      events: [
        {
          reason: 'NetworkNotReady',
          message: 'network is not ready: container runtime network not ready: NetworkReady=false',
        },
      ],
    },
    'stuck at Sandbox, Network',
    /network is not ready/,
  ],
  [
    'a sandbox that the runtime cannot make',
    {
      events: [
        {
          reason: 'FailedCreatePodSandBox',
          message:
            'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to start sandbox: runc create failed',
        },
      ],
    },
    'stuck at Sandbox, Sandbox',
    /runc create failed/,
  ],
  [
    'a node whose kubelet the node controller has given up',
    {
      node: {
        status: {
          conditions: [{ type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown', lastTransitionTime: time(50) }],
        },
      },
      status: { ...waiting('ContainerCreating') },
    },
    'stuck at Sandbox, KubeletSilent',
    /kubelet of node n1 does not report/,
  ],
  [
    'a node that is not ready',
    {
      node: {
        status: {
          conditions: [
            { type: 'Ready', status: 'False', message: 'container runtime is down', lastTransitionTime: time(50) },
          ],
        },
      },
      renewed: 119,
      status: { ...waiting('ContainerCreating') },
    },
    'stuck at Sandbox, NodeNotReady',
    /container runtime is down/,
  ],
  [
    'an eviction by the kubelet',
    { status: { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' } },
    'failed at Running, Evicted',
    /low on resource: memory/,
  ],
  [
    'a preemption',
    {
      status: {
        phase: 'Failed',
        conditions: [
          {
            type: 'DisruptionTarget',
            status: 'True',
            reason: 'PreemptionByScheduler',
            message: 'default-scheduler: preempting to accommodate a higher priority pod',
          },
        ],
      },
    },
    'failed at Termination, Preempted',
    /higher priority/,
  ],
  [
    'a pod that the kubelet does not take',
    {
      status: {
        phase: 'Failed',
        reason: 'OutOfcpu',
        message: 'Pod was rejected: Node did not have enough resource: cpu',
      },
    },
    'failed at Admission, Rejected',
    /OutOfcpu/,
  ],
  [
    'a readiness gate',
    {
      spec: { readinessGates: [{ conditionType: 'lb.test/registered' }] },
      status: {
        phase: 'Running',
        conditions: [
          { type: 'ContainersReady', status: 'True', lastTransitionTime: time(5) },
          { type: 'Ready', status: 'False', reason: 'ReadinessGatesNotReady' },
        ],
        containerStatuses: [{ name: 'c', ready: true, started: true, state: { running: { startedAt: time(4) } } }],
      },
    },
    'stuck at Readiness, ReadinessGate',
    /lb\.test\/registered/,
  ],
  [
    'an init container that fails',
    {
      spec: { initContainers: [{ name: 'i', image: 'x' }] },
      status: {
        initContainerStatuses: [
          {
            name: 'i',
            restartCount: 3,
            state: { waiting: { reason: 'CrashLoopBackOff' } },
            lastState: { terminated: { exitCode: 1, reason: 'Error', startedAt: time(10), finishedAt: time(11) } },
          },
        ],
      },
    },
    'stuck at InitContainers, InitContainer',
    /init container i ends with exit code 1/,
  ],
  [
    'a signal',
    {
      status: {
        containerStatuses: [
          {
            name: 'c',
            restartCount: 4,
            state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 1m20s restarting failed container=c' } },
            lastState: { terminated: { exitCode: 139, reason: 'Error', startedAt: time(10), finishedAt: time(110) } },
          },
        ],
      },
    },
    'stuck at Running, CrashLoop',
    /exit code 139 \(SIGSEGV\)/,
  ],
  [
    'a pod whose scheduler is not there',
    { spec: { nodeName: undefined, schedulerName: 'own' }, status: { startTime: undefined, conditions: [] } },
    'stuck at Scheduling, Unknown',
    /scheduler own/,
  ],
  [
    'a pod of which nobody says anything',
    { status: { conditions: [{ type: 'PodReadyToStartContainers', status: 'True', lastTransitionTime: time(3) }] } },
    'stuck at ContainerCreate, Unknown',
    /no cause found/,
  ],
  [
    'more nodes on their way',
    {
      now: 90,
      spec: { nodeName: undefined },
      status: {
        startTime: undefined,
        conditions: [
          {
            type: 'PodScheduled',
            status: 'False',
            reason: 'Unschedulable',
            message: '0/1 nodes are available: 1 Insufficient cpu.',
          },
        ],
      },
      events: [
        { reason: 'TriggeredScaleUp', message: 'pod triggered scale-up', firstTimestamp: time(60), type: 'Normal' },
      ],
    },
    'progressing at Scheduling, null',
    /Insufficient cpu/,
  ],
];

suite('a pod as Kubernetes would tell of it', () => {
  for (const [what, drawn, verdict, words] of STORIES) {
    test(`${what}: ${verdict}`, () => {
      const { verdict: told } = lifecycleOf(drawn);
      assert.equal(`${told.state} at ${told.stage}, ${told.reason}`, verdict);
      assert.match(told.cause?.message ?? '', words);
    });
  }

  const unacknowledged = (now: number): Drawn => ({ now, status: { startTime: undefined } });

  test('with a silent kubelet and an unreadable node is reported only after --until-stuck, and as uncertain', () => {
    assert.equal(lifecycleOf(unacknowledged(60)).verdict.state, 'progressing');
    const { verdict } = lifecycleOf(unacknowledged(62));
    assert.equal(`${verdict.state} ${verdict.reason}`, 'stuck KubeletSilent');
    assert.match(verdict.cause?.message ?? '', /has not acknowledged the pod \(the node could not be read\)/);
  });

  test('that is Ready is reported as ready even if the node cannot be read', () => {
    const { verdict } = lifecycleOf({ now: 100_000, status: readyStatus(10) });
    assert.deepEqual([verdict.state, verdict.notes], ['ready', []]);
  });

  test('never begins before its creation, even with an earlier time in its status', () => {
    const ended = { exitCode: 1, reason: 'Error', startedAt: time(-500), finishedAt: time(-400) };
    const crashed = { name: 'c', restartCount: 1, state: { terminated: ended } };
    const { verdict } = lifecycleOf({ status: { containerStatuses: [crashed] } });
    assert.equal(verdict.reason, 'CrashLoop');
    assert.equal(verdict.since?.at, epochNanos(BigInt(Date.parse(time(0))) * 1_000_000n));
  });

  const readyNode = { status: { conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: time(-90_000) }] } };

  test('on a Ready node with a fresh Lease has no notes', () => {
    assert.deepEqual(lifecycleOf({ node: readyNode, renewed: 115, status: readyStatus(10) }).verdict.notes, []);
  });

  test('keeps its own failure as the cause while its node is briefly not ready', () => {
    const { verdict } = lifecycleOf({
      node: { status: { conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: time(115) }] } },
      status: waiting('InvalidImageName'),
    });
    assert.equal(`${verdict.state} ${verdict.reason}`, 'stuck InvalidImageName');
  });

  test('with a PodResizeInProgress error shows that error as a note', () => {
    const { conditions, ...status } = readyStatus(10);
    const error = { type: 'PodResizeInProgress', status: 'True', reason: 'Error', message: 'cgroup: device busy' };
    const { verdict } = lifecycleOf({ status: { ...status, conditions: [...conditions, error] } });
    assert.deepEqual(
      verdict.notes.map(({ text }) => text),
      ['an in-place resize is in progress, with an error: cgroup: device busy'],
    );
  });

  for (const [resize, words] of [
    ['Deferred', /^the in-place resize is Deferred: the node has no room/],
    ['InProgress', /^an in-place resize is in progress$/],
    ['Proposed', /^the in-place resize is Proposed/],
  ] as const) {
    test(`of 1.27 to 1.32 with status.resize ${resize} shows a note`, () => {
      const [note, ...others] = lifecycleOf({ status: { ...readyStatus(10), resize } }).verdict.notes;
      assert.match(note?.text ?? '', words);
      assert.deepEqual(others, []);
    });
  }

  test('takes its scheduling time from the event, even if a clock is behind', () => {
    const scheduled = { reason: 'Scheduled', eventTime: time(-2).replace('Z', '.250000Z') };
    const rows = lifecycleOf({ events: [scheduled] }).trace.spans.map(({ span }) => span.name);
    assert.ok(rows.includes('scheduler  to n1 (event, 08:58:12.250)'), rows.join('\n'));
  });

  for (const [now, retry] of [
    [100, 145],
    [144, 145],
    [145, undefined],
    [3600, undefined],
  ] as const) {
    const words = retry === undefined ? 'not known' : `at ${retry} s`;
    test(`whose pull has failed for the fourth time at 65 s: the next try is ${words}, at ${now} s`, () => {
      const failed = { reason: 'Failed', message: 'Failed to pull image "registry.test/web:1": not found' };
      const { verdict } = lifecycleOf({
        now,
        status: waiting('ImagePullBackOff'),
        events: [{ ...failed, involvedObject: OF_CONTAINER, count: 4, lastTimestamp: time(65) }],
      });
      assert.equal(verdict.reason, 'ImagePull');
      assert.equal(verdict.cause?.retryAt, retry && epochNanos(BigInt(Date.parse(time(retry))) * 1_000_000n));
    });
  }

  test('next retry time follows from the back-off', () => {
    const { verdict } = lifecycleOf(STORIES.find(([what]) => what === 'a signal')![1]);
    assert.equal(verdict.cause?.retryAt, epochNanos(BigInt(Date.parse(time(190))) * 1_000_000n));
  });

  test('events of an earlier pod of the same name are counted but not used', () => {
    const earlier = {
      reason: 'FailedMount',
      message: 'MountVolume.SetUp failed for volume "v" : secret "old" not found',
      involvedObject: { kind: 'Pod', name: 'web', uid: 'another' },
    };
    const told = lifecycleOf({ now: 5, events: [earlier, earlier] });
    assert.equal(told.earlierEvents, 2);
    assert.equal(told.verdict.state, 'progressing');
    assert.ok(!told.trace.spans.some(({ span }) => span.name.includes('FailedMount')));
  });

  test('a volume that was mounted late no longer blocks the pod', () => {
    const events = [
      { reason: 'FailedMount', message: 'MountVolume.SetUp failed for volume "v" : secret "s" not found' },
    ];
    const { verdict } = lifecycleOf({
      now: 30,
      events,
      status: {
        conditions: [{ type: 'PodReadyToStartContainers', status: 'True', lastTransitionTime: time(20) }],
        ...waiting('ErrImagePull', 'not found'),
      },
    });
    assert.equal(verdict.stage, 'ImagePull');
  });
});
