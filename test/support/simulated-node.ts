import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { componentPod } from '../../src/control-plane/component-pod.ts';
import { parseYAML } from '../../src/kube/manifest/yaml.ts';
import { kubeadmFile } from './kubeadm-manifests.ts';

const COMPONENTS = ['etcd', 'kube-apiserver'] as const;
type Component = (typeof COMPONENTS)[number];
const MANIFESTS = 'etc/kubernetes/manifests';

/** A mirror pod as the API server shows it. */
export interface MirrorPod {
  readonly metadata: unknown;
  readonly spec: unknown;
  readonly status: unknown;
}

/**
 * A control-plane node whose kubelet is simulated: `look` is one look of it at the manifests. A component whose manifest
 * has changed restarts, which takes some looks; meanwhile its API server does not respond. A manifest that is not one of
 * kubeadm's files, with or without tracing, was read half written.
 */
export class SimulatedNode {
  readonly root = mkdtempSync(join(tmpdir(), 'kubectl-trace-node-'));
  /** Other control-plane nodes, by name, and whether they trace. */
  readonly others = new Map<string, boolean>();
  /** Text of kubeadm-config; undefined for a cluster without one. */
  configuration: string | undefined = kubeadmFile('1.37.2', 'ClusterConfiguration');
  /** Components that do not come back with such a manifest. */
  broken: (component: Component, text: string) => boolean = () => false;
  /** Looks that a restart takes. */
  looks: (component: Component, text: string) => number = () => 3;
  /** Everything that a kubelet must not read. */
  readonly misread: string[] = [];
  readonly #running = new Map<Component, string>();
  readonly #restarting = new Map<Component, number>();
  readonly #known = new Set<string>();

  constructor() {
    mkdirSync(join(this.root, MANIFESTS), { recursive: true });
    for (const component of COMPONENTS) {
      const text = kubeadmFile('1.37.2', component);
      writeFileSync(this.path(component), text, { mode: 0o600 });
      this.#running.set(component, text);
      this.#known.add(text).add(kubeadmFile('1.37.2', `${component}.traced`));
    }
  }

  path(component: Component): string {
    return join(this.root, MANIFESTS, `${component}.yaml`);
  }

  read(component: Component): string {
    return readFileSync(this.path(component), 'utf8');
  }

  /** A text that is no half-written file. */
  know(text: string): void {
    this.#known.add(text);
  }

  /** One look of the kubelet. Returns the mirror pods; undefined while the API server does not respond. */
  look(): readonly MirrorPod[] | undefined {
    for (const name of readdirSync(join(this.root, MANIFESTS)).filter((each) => !each.startsWith('.'))) {
      const text = readFileSync(join(this.root, MANIFESTS, name), 'utf8');
      const component = COMPONENTS.find((each) => name === `${each}.yaml`);
      if (component === undefined || !this.#known.has(text)) this.misread.push(name);
      else if (this.#running.get(component) !== text) {
        this.#running.set(component, text);
        this.#restarting.set(component, this.looks(component, text));
      }
    }
    let isUp = true;
    for (const component of COMPONENTS) {
      const left = this.broken(component, this.#running.get(component)!) ? 1 : (this.#restarting.get(component) ?? 0);
      this.#restarting.set(component, Math.max(0, left - 1));
      // Without etcd no API server responds either.
      if (left > 0) isUp = false;
    }
    return isUp ? [...COMPONENTS.map((each) => this.#pod(each)), ...this.#otherPods()] : undefined;
  }

  /** Every file and folder, with its mode and the digest of its content. */
  snapshot(): Readonly<Record<string, string>> {
    const entries = readdirSync(this.root, { recursive: true, encoding: 'utf8' }).map((path) => {
      const full = join(this.root, path);
      const found = statSync(full);
      const mode = (found.mode & 0o777).toString(8);
      if (found.isDirectory()) return [path, `folder ${mode}`] as const;
      return [path, `${mode} ${createHash('sha256').update(readFileSync(full)).digest('hex')}`] as const;
    });
    return Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)));
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  #pod(component: Component, node = 'lab1', text = this.#running.get(component)!): MirrorPod {
    const { metadata, spec } = parseYAML(text)[0] as { metadata: Record<string, unknown>; spec: object };
    return {
      metadata: { ...metadata, name: `${component}-${node}` },
      spec: { ...spec, nodeName: node },
      status: { containerStatuses: [{ name: component, ready: true }] },
    };
  }

  #otherPods(): readonly MirrorPod[] {
    return [...this.others].map(([name, traces]) =>
      this.#pod(
        'kube-apiserver',
        name,
        kubeadmFile('1.37.2', `kube-apiserver${traces ? '.traced' : ''}`).replaceAll('10.213.0.1', `10.213.0.9`),
      ),
    );
  }
}

/** A mirror pod as the program reads it. */
export const componentOf = (pod: MirrorPod): NonNullable<ReturnType<typeof componentPod>> => componentPod(pod)!;
