import { clusterFlagValues } from '../../format/cluster-flags.ts';
import type { WaitingFor } from '../../pod/verdict.ts';
import type { PodReport } from '../pod-report.ts';
import { Pseudonyms } from './pseudonyms.ts';
import { isVocabulary } from './vocabulary.ts';

/** Words of pseudonyms. */
const OWN = /^(?:name|host|text|\d+)$/;
/** Kinds whose names are words of Kubernetes: `cpu`, `readiness`, `NodeResourcesFit`. */
const NAMED_BY_KUBERNETES = new Set(['resource', 'probe', 'plugin', 'extender', 'scheduler', 'port', 'runtime']);
/** Times of the day, and fields of objects, which look like addresses and domains. */
const KUBERNETES_WORDS =
  /(\b\d{2}:\d{2}:\d{2}\b(?:\.\d{1,9})?|\b(?:state|lastState)\.(?:waiting|running|terminated)\b|(?<![\w.-])(?:metadata|spec|status)\.[A-Za-z]+\b(?![.-]\w)|(?<![\w.-])(?:requests|limits)\.(?:cpu|memory|storage|ephemeral-storage)\b(?![.-]\w))/;
const HOST = /(?<![\w./=:'-])[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}(?![\w./=:'-])/g;

/** The names of a report on pods are known before its sentences: they are also replaced inside of words, as in `web_shop`. */
export class PodPseudonyms extends Pseudonyms {
  #pattern: RegExp | undefined;

  /** Learns the names of a report. */
  learn({ subject, lifecycles, verdict, workload, owner, set, command }: PodReport): void {
    // Commands to copy repeat them.
    for (const value of clusterFlagValues(command.args)) this.#learn(value);
    const names = [
      subject.namespace,
      subject.name,
      workload?.namespace,
      workload?.name,
      owner?.name,
      owner?.owner?.name,
    ];
    for (const name of [...names, ...(set?.names ?? [])]) this.#learn(name);
    for (const { namespace, name, node, containers } of lifecycles) {
      for (const text of [namespace, name, node]) this.#learn(text);
      for (const container of containers) {
        this.#learn(container.name);
        this.#learnImage(container.image);
      }
    }
    for (const { cause } of [verdict, ...lifecycles.map((lifecycle) => lifecycle.verdict)].filter(isPresent)) {
      if (cause !== null) this.#learnAwaited(cause.waitingFor);
    }
    this.#remember();
  }

  /** Learns names alone. */
  learnNames(names: readonly (string | null)[]): void {
    for (const name of names) this.#learn(name);
    this.#remember();
  }

  #remember(): void {
    const texts = [...this.known.keys()].filter((text) => text.length > 1 && !OWN.test(text));
    const words = texts
      .toSorted((one, other) => other.length - one.length)
      .map((text) => text.replace(/[$()*+.?[\\\]^{|}-]/g, String.raw`\$&`));
    this.#pattern =
      words.length === 0 ? undefined : new RegExp(`(?<![A-Za-z0-9])(?:${words.join('|')})(?![A-Za-z0-9])`, 'g');
  }

  override text(text: string): string {
    const parts = text.split(KUBERNETES_WORDS);
    return this.#known(parts.map((part, index) => (index % 2 === 1 ? part : super.text(part))).join(''));
  }

  /** A command: its flags, paths and templates stay. */
  command(text: string): string {
    return this.#known(text.replace(HOST, (host) => (isVocabulary(host) ? host : this.host(host))));
  }

  /** `app=web`, `env in (dev, test)`, `spec.nodeName=node-1`: the values, and keys of labels that are not common. */
  selector(text: string): string {
    return text.replace(/[\w./-]+/g, (word, at: number) =>
      /^(?:in|notin|app|spec\.\w+|metadata\.\w+|status\.\w+)$/.test(word) && !/=\s*$/.test(text.slice(0, at))
        ? word
        : this.name(word),
    );
  }

  #known(text: string): string {
    return this.#pattern === undefined ? text : text.replace(this.#pattern, (name) => this.known.get(name) ?? name);
  }

  #learn(text: string | null | undefined): void {
    if (text !== undefined && text !== null) this.name(text);
  }

  /** `registry.test/team/web:1` with its parts: messages shorten it. */
  #learnImage(image: string): void {
    const [path = ''] = image.split('@');
    for (const part of path.split('/')) this.#learn(part.replace(/:[^:]*$/, ''));
    for (const text of [path.replace(/:[^:/]*$/, ''), path, image]) this.#learn(text);
  }

  /** A phrase, such as `a claim of the pod`, is no name. */
  #learnAwaited({ kind, name }: WaitingFor): void {
    if (NAMED_BY_KUBERNETES.has(kind) || /\s/.test(name)) return;
    if (kind === 'image') return this.#learnImage(name);
    for (const part of name.split(/[=,]/)) this.#learn(part);
  }
}

const isPresent = <Value>(value: Value | null): value is Value => value !== null;
