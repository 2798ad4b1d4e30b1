/** Where a text stands: some phrases are refused only at the beginning of a comment. */
export type TextKind = 'comment' | 'message' | 'title' | 'document';

export interface RefusedPhrase {
  readonly pattern: RegExp;
  /** The plain words to write instead. */
  readonly instead: string;
  /** All kinds when absent. */
  readonly kinds?: readonly TextKind[];
}

/** Phrases that a native reader stumbles over, and the plain words for each. */
export const REFUSED: readonly RefusedPhrase[] = [
  { pattern: /\bso (?:many|long|often)\b(?! (?:as|that)\b)/i, instead: 'N, this many, at least DURATION' },
  { pattern: /\b(?:told|tells)\b/i, instead: 'shown, reported, says' },
  { pattern: /\banswer(?:s|ed|ing)?\b/i, instead: 'response, responds; reply for a person or a protocol' },
  { pattern: /\bask(?:s|ed|ing)?\b/i, instead: 'request, query' },
  {
    pattern: /\bkept\b(?! alive)|\bkeeps? (?:a|the|its) trace (?:context|ID)/i,
    instead: 'stored, cached; accepted for trace context',
  },
  { pattern: /\b(?:whoever|nobody|somebody|everybody)\b/i, instead: 'the name of the actor' },
  { pattern: /\bby (?:itself|themselves)\b/i, instead: 'on its own' },
  {
    pattern:
      /\bof (?:its|their|his|our|one's|an?) own(?=[^\w\s]|$| (?:and|or|in|with|for|is|are|to|at|on|by|that|which|from)\b)/i,
    instead: 'its own X',
  },
  { pattern: /\bapart\b(?! from\b)/i, instead: 'separately' },
  { pattern: /(?<!\bthere )\b(?:is|are|was|were) none\b/i, instead: 'does not exist, there is no X' },
  { pattern: /\b(?:is|are|was|were) not there\b/i, instead: 'does not exist, is missing' },
  { pattern: /\bbe (?:it|they)\b/i, instead: 'including' },
  { pattern: /\ball the same\b/i, instead: 'anyway' },
  { pattern: /\banew\b/i, instead: 'again' },
  { pattern: /\bwhole (?:traces?|documents?)\b|\b(?:is|are|be|not) whole\b/i, instead: 'complete, valid' },
  { pattern: /^(?:Of|What)\b/, instead: 'a comment that begins with its subject', kinds: ['comment'] },
];

export interface AllowedPhrase {
  /** Path of the file from the root of the repository. */
  readonly file: string;
  /** The words around the phrase, as they are written there. */
  readonly text: string;
  readonly reason: string;
}

/** Each exception has a reason; one that is no longer needed is reported. */
export const ALLOWED: readonly AllowedPhrase[] = [
  {
    file: 'src/kube/api/status.ts',
    text: 'the server has asked for the client to provide credentials',
    reason: "Kubernetes' own message (apimachinery pkg/api/errors).",
  },
  {
    file: 'src/kube/api/status.ts',
    text: 'has asked us to try again later',
    reason: "Kubernetes' own message (apimachinery pkg/api/errors).",
  },
  {
    file: 'src/pod/scheduling/device-error-texts.ts',
    text: 'asks for all devices, but resource pool',
    reason: "The scheduler's own message (k8s.io/dynamic-resource-allocation structured).",
  },
  {
    file: 'src/pod/scheduling/devices.ts',
    text: 'asked by caller to stop allocating devices',
    reason: "The scheduler's own message (k8s.io/dynamic-resource-allocation structured).",
  },
  {
    file: 'src/pod/scheduling/framework.ts',
    text: 'one or more plugins asked to wait',
    reason: "The scheduler's own message (pkg/scheduler/framework/runtime).",
  },
  {
    file: 'scripts/demo.ts',
    text: '--context nobody',
    reason: 'The name of a context.',
  },
  {
    file: 'test/lab/cluster/main.ts',
    text: '  nobody       has no permissions (403)',
    reason: 'The name of a context.',
  },
  {
    file: 'test/fuzz/targets/cluster-corpus.ts',
    text: '--- the server answers ---',
    reason: 'The separator in recorded inputs of test/fixtures/fuzz.',
  },
];
