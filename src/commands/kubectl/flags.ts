/** Verbs that kubectl trace sends itself, as far as their flags allow it. */
export const NATIVE_VERBS = ['get', 'create', 'apply', 'replace', 'patch', 'delete'] as const;
export type NativeVerb = (typeof NATIVE_VERBS)[number];

export const isNativeVerb = (word: string): word is NativeVerb => (NATIVE_VERBS as readonly string[]).includes(word);

/** The flags of every native verb that writes or reads files. */
const FILES =
  'f,filename= k,kustomize= R,recursive allow-missing-template-keys o,output= show-managed-fields template=';

/**
 * All flags of kubectl 1.37's native verbs: a letter, the name, and `=` after one with a value. A contract test compares
 * them with kubectl.
 */
const FLAGS_OF: Readonly<Record<NativeVerb, string>> = {
  get: `${FILES} A,all-namespaces chunk-size= field-selector= ignore-not-found L,label-columns= no-headers
        output-watch-events raw= l,selector= server-print show-kind show-labels sort-by= subresource= w,watch watch-only`,
  create: `${FILES} dry-run edit field-manager= raw= save-config l,selector= validate windows-line-endings`,
  apply: `${FILES} all cascade dry-run field-manager= force force-conflicts grace-period= openapi-patch overwrite prune
          prune-allowlist= l,selector= server-side subresource= timeout= validate wait`,
  replace: `${FILES} cascade dry-run field-manager= force grace-period= raw= save-config subresource= timeout= validate wait`,
  patch: `${FILES} dry-run field-manager= local p,patch= patch-file= subresource= type=`,
  delete: `f,filename= k,kustomize= R,recursive o,output= all A,all-namespaces cascade dry-run field-selector= force
           grace-period= ignore-not-found i,interactive now raw= l,selector= timeout= wait`,
};

/** kubectl's flags of one verb. */
export interface VerbFlags {
  readonly names: readonly string[];
  /** Names of those with a value in the next argument. */
  readonly valued: ReadonlySet<string>;
  /** Name by letter. */
  readonly letters: ReadonlyMap<string, string>;
  /** Letters of those with a value. */
  readonly valuedLetters: string;
}

/** kubectl's flags of a native verb. Those of the connection are not among them. */
export function kubectlFlags(verb: NativeVerb): VerbFlags {
  const flags = FLAGS_OF[verb].split(/\s+/).map((text) => {
    const [, letter, name = '', equals = ''] = /^(?:(\w),)?([\w-]+)(=?)$/.exec(text) ?? [];
    return { letter, name, isValued: equals === '=' };
  });
  const lettered = flags.flatMap(({ letter, name, isValued }) =>
    letter === undefined ? [] : { letter, name, isValued },
  );
  return {
    names: flags.map(({ name }) => name),
    valued: new Set(flags.flatMap(({ name, isValued }) => (isValued ? [name] : []))),
    letters: new Map(lettered.map(({ letter, name }) => [letter, name])),
    valuedLetters: lettered.flatMap(({ letter, isValued }) => (isValued ? [letter] : [])).join(''),
  };
}
