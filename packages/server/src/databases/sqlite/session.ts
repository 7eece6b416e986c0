import { type ChildProcess, spawn } from "node:child_process";
import { tmpdir } from "node:os";
import type { DatabaseRows } from "@millrace/nodes";
import { denied, HOW_TO_WRITE, passing, refused } from "#databases/failure";
import { SQLITE_HEAP_BYTES } from "#databases/limits";
import type { DatabaseConnection, SessionPorts } from "#databases/ports";
import type { Session, SessionStatement } from "#databases/session";
import { databaseFile } from "#databases/sqlite/database-file";
import { readableFiles, workerFile } from "#databases/sqlite/locate";
import type { SqliteAnswer, SqliteAsk } from "#databases/sqlite/protocol";

const MIB = 1024 * 1024;

/** Beside a file SQLite keeps what is not in it yet. */
const BESIDE = ["", "-wal", "-shm", "-journal"];

export async function openSqlite(
  { url, settings }: DatabaseConnection,
  { sqliteDir }: SessionPorts,
  signal: AbortSignal,
): Promise<Session> {
  const file = await databaseFile(url, sqliteDir);
  const isWritable = settings.writable === true;
  const own = BESIDE.map((suffix) => file + suffix);
  const child = spawn(
    process.execPath,
    [
      "--permission",
      ...[...readableFiles(), ...own].map((one) => `--allow-fs-read=${one}`),
      ...(isWritable ? own.map((one) => `--allow-fs-write=${one}`) : []),
      "--disallow-code-generation-from-strings",
      "--no-addons",
      "--no-warnings",
      `--max-old-space-size=${SQLITE_HEAP_BYTES / MIB}`,
      workerFile(),
      file,
      isWritable ? "write" : "read",
    ],
    { cwd: tmpdir(), env: {}, stdio: ["ignore", "ignore", "pipe", "ipc"], windowsHide: true },
  );
  const session = new SqliteSession(child);
  const stop = () => session.close();
  signal.addEventListener("abort", stop, { once: true });
  try {
    await session.opened;
    return session;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

class SqliteSession implements Session {
  readonly #child: ChildProcess;
  /** Once the file is open. */
  readonly opened: Promise<void>;
  #waiting: { resolve(answer: unknown): void; reject(error: Error): void } | null = null;
  #isGone = false;

  constructor(child: ChildProcess) {
    this.#child = child;
    let said = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-4_096);
    });
    child.on("message", (message) => this.#waiting?.resolve(message));
    const end = (why: string) => {
      this.#isGone = true;
      this.#waiting?.reject(refused(why));
    };
    child.once("error", (error) => end(error.message));
    child.once("close", () => end(/^(?:\w*Error|\[?Error)[^\n]*?: (.*)$/m.exec(said)?.[1] ?? "its process ended, for want of memory"));
    this.opened = this.#next().then(() => undefined);
    this.opened.catch(() => undefined);
  }

  get isUsable(): boolean {
    return !this.#isGone;
  }

  async run({ texts, values, readOnly, maxRows, maxBytes, signal }: SessionStatement): Promise<DatabaseRows> {
    signal.throwIfAborted();
    if (this.#isGone) throw passing("The process with the SQLite file ended.");
    const stop = () => this.close();
    signal.addEventListener("abort", stop, { once: true });
    try {
      const ask: SqliteAsk = { sql: texts.join("?"), values, readOnly, maxRows, maxBytes };
      this.#child.send(ask);
      const answer = (await this.#next()) as SqliteAnswer;
      if ("rows" in answer) return answer.rows;
      throw answer.isDenied ? denied(readOnly ? `${answer.refusal}; ${HOW_TO_WRITE}` : answer.refusal) : refused(answer.refusal);
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  close(): void {
    this.#isGone = true;
    this.#child.kill("SIGKILL");
  }

  #next(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    }).finally(() => {
      this.#waiting = null;
    });
  }
}
