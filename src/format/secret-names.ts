/** Words that mean a secret in the name of a flag, a variable, a header or a key, in any program. */
const SECRET_WORDS = new Set(
  `password passwd passphrase pass pwd token jwt secret credential credentials cred creds apikey privatekey secretkey accesskey
   authorization bearer cookie otp totp pat auth psk signature sig sas connectionstring kubeconfigdata`.split(/\s+/),
);

/** Keys that are secrets, and not file names, labels or indexes. */
const SECRET_KEYS = new Set(
  `api private access secret encryption encrypt signing sign master account storage shared license auth session cipher aes
   hmac rsa gpg pgp ssh deploy data dd tls ssl etcd db database webhook app application client service root admin rotation
   unseal recovery`.split(/\s+/),
);

/** Endings of names that are about a secret, but hold none. */
const ABOUT = new Set(
  `file files path paths dir directory folder name names namespace ref refs url uri host endpoint server address issuer
   audience audiences type kind format algorithm alg size length bits ttl age duration expiry expiration expires timeout
   lifetime interval period mode policy provider plugin store class count limit limits enabled disabled required optional
   only stdin env prefix suffix header version review reviews request requests pull id`.split(/\s+/),
);

/** Headers have more names for them than settings: `X-Custom-Auth`, `X-Session`. */
export const isSecretHeader = (name: string): boolean => isSecretName(name) || /auth|session|signature/i.test(name);

/** Whether a name is that of a file: `--from-file`, `TOKEN_FILE`. */
export const isFileName = (name: string): boolean => /^(?:files?|path|dir|folder)$/.test(wordsOf(name).at(-1) ?? '');

/** The value of a key may be the name of its file. */
export const isFileOfKey = (name: string, value: string): boolean =>
  isKey(wordsOf(name).at(-1) ?? '') && FILE.test(value);

const FILE =
  /^(?:~|\.{1,2}|\/(?:home|etc|run|var|tmp|root|usr|opt|mnt|srv|secrets?|Users))\/[\w./@ -]+$|^[\w./@-]+\.(?:pem|key|crt|cer|p12|pfx|pub)$/;

/** Beginnings of names that switch something. */
const SWITCHES = new Set('show no disable enable skip hide print allow require rotate use existing without'.split(' '));

/** `dbPassword`, `DB_PASSWORD`, `db.password` and `--db-password` are [db, password]. */
const wordsOf = (name: string): readonly string[] =>
  name
    .slice(0, MAX_NAME_BYTES)
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');

const MAX_NAME_BYTES = 200;

/** Whether what is called so holds a credential. */
export function isSecretName(name: string): boolean {
  const words = wordsOf(name);
  const last = words.at(-1);
  if (last === undefined || ABOUT.has(last) || SWITCHES.has(words[0]!) || words.includes('existing')) return false;
  return words.some((word, index) => isSecretWord(word) || (isKey(word) && isOfSecretKey(words[index - 1])));
}

const isKey = (word: string): boolean => word === 'key' || word === 'keys';

const isOfSecretKey = (before: string | undefined): boolean => before !== undefined && SECRET_KEYS.has(before);

const ENDINGS = ['password', 'passwd', 'passphrase', 'token', 'secret', 'apikey'] as const;

/** Also in the plural, and in one word with another: `PGPASSWORD`, `authtoken`, `tokens`. */
function isSecretWord(word: string): boolean {
  const single = word.endsWith('s') ? word.slice(0, -1) : word;
  return SECRET_WORDS.has(word) || SECRET_WORDS.has(single) || ENDINGS.some((ending) => single.endsWith(ending));
}
