import { closeSync, existsSync, lstatSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ExitCode, TraceCommandError } from '../errors.ts';
import { claim, isOwn, isOwnFolder, makeFolders, NotOurs, WRITE_OWN, withoutLinks, type UID } from '../files.ts';

/** Changed together with the tables; another number belongs to another version of this program. */
const FORMAT = 1;

const PAGE_BYTES = 8192;

/** The maximum size of the log between commits. During a commit it may be larger. */
const LOG_BYTES = 16 * 1024 * 1024;

/**
 * - `traces`: one row for each; `arrived` is when its newest spans came, in milliseconds since the epoch.
 * - `chunks`: the spans of one trace and one resource that came with one request, as the message `ResourceSpans`. The
 *   times are the earliest and latest start of them, in nanoseconds since the epoch.
 * - `operations`: the names of spans by service, for the lists that search forms are made of.
 */
const TABLES = `
  CREATE TABLE traces (
    id INTEGER PRIMARY KEY, trace_id TEXT NOT NULL UNIQUE, arrived INTEGER NOT NULL, spans INTEGER NOT NULL
  );
  CREATE INDEX traces_by_arrival ON traces (arrived);
  CREATE TABLE chunks (
    id INTEGER PRIMARY KEY, trace INTEGER NOT NULL, service TEXT NOT NULL,
    first_start INTEGER NOT NULL, last_start INTEGER NOT NULL, message BLOB NOT NULL
  );
  CREATE INDEX chunks_by_trace ON chunks (trace);
  CREATE INDEX chunks_by_service ON chunks (service, last_start, first_start);
  CREATE TABLE operations (
    service TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, seen INTEGER NOT NULL,
    PRIMARY KEY (service, name, kind)
  ) WITHOUT ROWID;
  PRAGMA user_version = ${FORMAT};
`;

/**
 * Opens the store for writing and makes it if need be, for this user alone. The file never grows beyond `maxBytes`.
 *
 * A commit is in the hands of the operating system when it returns (WAL, synchronous=NORMAL): it survives the end of the
 * process, kill -9 included. Of a machine that loses its power the last commits may be lost, never the rest. Throws
 * TraceCommandError.
 */
export function openForWriting(given: string, maxBytes: number, uid?: UID): DatabaseSync {
  return opened(given, () => {
    makeFolders(dirname(given), 0o700, uid);
    const path = withoutLinks(given, uid);
    // SQLite opens by name again what has been looked at.
    if (!isOwnFolder(dirname(path), uid)) throw new NotOurs('another user can exchange files in its folder');
    refuseOtherFile(path);
    // SQLite would follow a link that is there before it, and takes empty files for new ones.
    for (const file of [path, `${path}-wal`, `${path}-shm`]) claimFile(file, uid);
    const database = new DatabaseSync(path);
    database.exec(`
      PRAGMA page_size = ${PAGE_BYTES};
      PRAGMA busy_timeout = 1000;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      PRAGMA journal_size_limit = ${LOG_BYTES};
      PRAGMA cache_size = -16384;
      PRAGMA temp_store = MEMORY;
    `);
    if (formatOf(database) === 0) inTransaction(database, () => database.exec(TABLES));
    checkFormat(database, path);
    database.exec(`PRAGMA max_page_count = ${Math.floor(maxBytes / number(database, 'page_size'))}`);
    return database;
  });
}

/** The first bytes of a database (https://www.sqlite.org/fileformat.html). */
const MAGIC = 'SQLite format 3\0';

/** A file that is no database keeps its mode, and gets nothing beside it. Throws in SQLite's words. */
function refuseOtherFile(path: string): void {
  if (!existsSync(path) || !statSync(path).isFile() || statSync(path).size === 0) return;
  const head = Buffer.alloc(MAGIC.length);
  const descriptor = openSync(path, 'r');
  try {
    readSync(descriptor, head);
  } finally {
    closeSync(descriptor);
  }
  if (head.toString('latin1') !== MAGIC) throw new Error('file is not a database');
}

/** A file that is there must be of this user; one of anything else SQLite refuses. */
function refuseForeignFile(file: string, uid: UID): void {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found !== undefined && !isOwn(found.uid, uid)) throw new NotOurs(`${file}: it belongs to another user`);
}

function claimFile(path: string, uid: UID): void {
  // Also a link of this user: SQLite makes the files beside the store where the store is.
  if (withoutLinks(path, uid) !== path) throw new NotOurs(`${path}: it is a link`);
  const descriptor = openSync(path, WRITE_OWN, 0o600);
  try {
    claim(descriptor, uid);
  } catch (error) {
    throw error instanceof NotOurs ? new NotOurs(`${path}: ${error.message}`) : error;
  } finally {
    closeSync(descriptor);
  }
}

/** Opens the store for reading, beside a process that may be writing it. Throws TraceCommandError. */
export function openForReading(path: string, uid?: UID): DatabaseSync {
  return opened(path, () => {
    const real = withoutLinks(path, uid);
    for (const file of [real, `${real}-wal`, `${real}-shm`]) refuseForeignFile(file, uid);
    const database = new DatabaseSync(real, { readOnly: true });
    database.exec('PRAGMA busy_timeout = 5000');
    checkFormat(database, path);
    return database;
  });
}

/** Everything that `work` writes, or nothing of it. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // SQLite may have rolled back on its own, for example on a full disk.
    try {
      database.exec('ROLLBACK');
    } catch {
      // Then there is nothing to roll back.
    }
    throw error;
  }
}

/** A pragma whose value is a number. */
export function number(database: DatabaseSync, pragma: string): number {
  return Number(Object.values(database.prepare(`PRAGMA ${pragma}`).get() ?? {})[0]);
}

const formatOf = (database: DatabaseSync): number => number(database, 'user_version');

function checkFormat(database: DatabaseSync, path: string): void {
  const format = formatOf(database);
  if (format === FORMAT) return;
  database.close();
  throw new TraceCommandError(
    ExitCode.requestFailed,
    'StoreFormat',
    `the trace store ${path} has format ${format}, and this version of kubectl trace knows only ${FORMAT}`,
    { hint: OTHER_FILE },
  );
}

const OWN_FILE = 'give a file in a folder of your own with --database';
const OTHER_FILE = 'give another file with --database, or remove this one: it holds nothing but traces';

function opened(path: string, open: () => DatabaseSync): DatabaseSync {
  try {
    return open();
  } catch (cause) {
    if (cause instanceof TraceCommandError) throw cause;
    if (cause instanceof NotOurs) {
      const message = `the trace store ${path} is not used: ${cause.message}`;
      throw new TraceCommandError(ExitCode.requestFailed, 'StoreNotPrivate', message, { hint: OWN_FILE, cause });
    }
    const problem = cause instanceof Error ? cause.message : String(cause);
    const message = `the trace store ${path} cannot be opened: ${problem}`;
    throw new TraceCommandError(ExitCode.requestFailed, 'StoreUnusable', message, { hint: OTHER_FILE, cause });
  }
}
