import type { TestCluster } from '../lab/cluster/cluster.ts';

/** A span as Jaeger has it, with its times in nanoseconds. */
export interface KubeletSpan {
  readonly name: string;
  readonly start: bigint;
  readonly durationNanos: number;
}

/** The kubelet's own spans of a pod, queried from Jaeger without any code of this project. */
export async function kubeletSpans({ backendURL }: TestCluster, uid: string): Promise<KubeletSpan[]> {
  const query = new URLSearchParams({ service: 'kubelet', tags: JSON.stringify({ 'k8s.pod.uid': uid }), limit: '100' });
  const answer = await fetch(`${backendURL}/api/traces?${query}`);
  const { data } = (await answer.json()) as {
    data: {
      spans: { operationName: string; startTime: number; duration: number; processID: string }[];
      processes: Record<string, { serviceName: string }>;
    }[];
  };
  return data.flatMap(({ spans, processes }) =>
    spans
      .filter(({ processID }) => processes[processID]!.serviceName === 'kubelet')
      .map(({ operationName, startTime, duration }) => ({
        name: operationName,
        start: BigInt(startTime) * 1000n,
        durationNanos: duration * 1000,
      })),
  );
}
