import { own } from '../format/table-of.ts';

/** The parts of a node that show how it was made and what it runs. */
export interface NodeFacts {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly providerID: string;
  /** `Talos (v1.11.2)`. */
  readonly osImage: string;
  readonly kubeletVersion: string;
  /** `containerd://2.1.4`. */
  readonly containerRuntime: string;
  /** Its address inside the cluster; "" without one. */
  readonly internalIP: string;
}

/** Reads a node from its JSON. Fields that are missing or of another type are empty. */
export function nodeFacts(node: unknown): NodeFacts {
  const metadata = member(node, 'metadata');
  const status = member(node, 'status');
  const info = member(status, 'nodeInfo');
  const internal = list(status, 'addresses').find((address) => text(address, 'type') === 'InternalIP');
  return {
    name: text(metadata, 'name'),
    labels: texts(metadata, 'labels'),
    annotations: texts(metadata, 'annotations'),
    providerID: text(member(node, 'spec'), 'providerID'),
    osImage: text(info, 'osImage'),
    kubeletVersion: text(info, 'kubeletVersion'),
    containerRuntime: text(info, 'containerRuntimeVersion'),
    internalIP: text(internal, 'address'),
  };
}

/** Labels of the nodes that run the control plane; `master` until 1.24. */
const CONTROL_PLANE_LABELS = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'];

export const isControlPlaneNode = ({ labels }: NodeFacts): boolean =>
  CONTROL_PLANE_LABELS.some((label) => own(labels, label) !== undefined);

/** A member that is an object; an empty one otherwise. */
export function member(value: unknown, name: string): Readonly<Record<string, unknown>> {
  const found = isObject(value) ? own(value, name) : undefined;
  return isObject(found) ? found : {};
}

/** A member that is a list; an empty one otherwise. */
export function list(value: unknown, name: string): readonly unknown[] {
  const found = isObject(value) ? own(value, name) : undefined;
  return Array.isArray(found) ? found : [];
}

/** A member that is a text; "" otherwise. */
export function text(value: unknown, name: string): string {
  const found = isObject(value) ? own(value, name) : undefined;
  return typeof found === 'string' ? found : '';
}

/** The texts of a member, by their names. */
export const texts = (value: unknown, name: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(member(value, name)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
