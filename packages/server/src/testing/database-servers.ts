import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A database server of one's own, on loopback, with a data directory that is gone afterwards. */
export interface DatabaseServer {
  readonly port: number;
  /** Of the certificate that the server shows, for `localhost`. */
  readonly ca: string;
  /** Runs SQL as its administrator. */
  sql(text: string): string;
  close(): Promise<void>;
}

export interface PostgresServer extends DatabaseServer {
  readonly pid: number;
  /** Of a database on it, for its administrator. */
  url(database: string): string;
  /** Dies at once, with all of its processes. */
  kill(): Promise<void>;
  /** Begins anew, on the same data and the same port. */
  start(): Promise<void>;
}

export const PASSWORD = "correct horse battery";

/** Where distributions put them, newest last. */
function postgresBin(): string | null {
  const root = "/usr/lib/postgresql";
  const versions = existsSync(root) ? readdirSync(root).sort((left, right) => Number(left) - Number(right)) : [];
  const bins = versions.map((version) => join(root, version, "bin")).filter((bin) => existsSync(join(bin, "initdb")));
  return bins.at(-1) ?? null;
}

export const hasPostgres = postgresBin() !== null;

/** Beside the server, where distributions put it. */
export const hasPgvector = existsSync(postgresBin()?.replace(/\/lib\/(.*)\/bin$/, "/share/$1/extension/vector.control") ?? "");

/** Real PostgreSQL; it refuses to run as root, so as root it runs as the user that its package made. */
export async function startPostgres(): Promise<PostgresServer> {
  const bin = postgresBin();
  if (bin === null) throw new Error("no PostgreSQL on this machine: apt-get install postgresql");
  const user = ownerOf("postgres");
  const directory = mkdtempSync(join(tmpdir(), "millrace-postgres-"));
  if (user) chownSync(directory, user.uid, user.gid);
  const ca = certify(directory, user);
  const passwordFile = join(directory, "password");
  own(passwordFile, PASSWORD, user);
  const data = join(directory, "data");
  const options = { ...user, stdio: ["ignore", "ignore", "pipe"] as ["ignore", "ignore", "pipe"], cwd: directory };
  execFileSync(
    join(bin, "initdb"),
    ["-D", data, "-U", "admin", "--auth=scram-sha-256", `--pwfile=${passwordFile}`, "-N", "--locale=C.UTF-8"],
    options,
  );
  const port = await freePort();
  const settings = {
    listen_addresses: "127.0.0.1",
    port: String(port),
    unix_socket_directories: directory,
    fsync: "off",
    ssl: "on",
    ssl_cert_file: join(directory, "cert.pem"),
    ssl_key_file: join(directory, "key.pem"),
    // Two test files at once, three servers in each and sometimes three more in a process of their own, and a dozen connections for each.
    max_connections: "200",
  };
  const given = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const life = async (): Promise<ChildProcess> => {
    const child = spawn(join(bin, "postgres"), ["-D", data, ...given], { ...options, stdio: ["ignore", "ignore", "pipe"] });
    await says(child, /ready to accept connections/);
    return child;
  };
  let current = await life();
  const sql = (text: string) =>
    execFileSync(
      join(bin, "psql"),
      ["-qAtX", "-v", "ON_ERROR_STOP=1", "-h", directory, "-p", String(port), "-U", "admin", "-d", "postgres", "-c", text],
      {
        env: { PGPASSWORD: PASSWORD },
        encoding: "utf8",
      },
    );
  const url = (database: string) => `postgres://admin:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/${database}`;
  return {
    ...{ port, ca, sql, url },
    get pid() {
      return current.pid ?? 0;
    },
    kill: () => ended(current, "SIGKILL"),
    start: async () => {
      current = await life();
    },
    close: () => stopped(current, "SIGQUIT", directory),
  };
}

const MARIADB = "/usr/sbin/mariadbd";

export const hasMysql = existsSync(MARIADB);

/** Real MariaDB, which speaks MySQL's protocol. */
export async function startMysql(): Promise<DatabaseServer> {
  const user = ownerOf("mysql");
  const directory = mkdtempSync(join(tmpdir(), "millrace-mysql-"));
  if (user) chownSync(directory, user.uid, user.gid);
  const ca = certify(directory, user);
  const data = join(directory, "data");
  const common = ["--no-defaults", `--datadir=${data}`];
  execFileSync("/usr/bin/mariadb-install-db", [...common, "--auth-root-authentication-method=normal", "--skip-test-db"], {
    ...user,
    stdio: "ignore",
  });
  const port = await freePort();
  const socket = join(directory, "s.sock");
  const settings = [
    `--socket=${socket}`,
    `--port=${port}`,
    "--bind-address=127.0.0.1",
    "--skip-name-resolve",
    "--innodb-flush-log-at-trx-commit=0",
    `--pid-file=${join(directory, "pid")}`,
    `--ssl-cert=${join(directory, "cert.pem")}`,
    `--ssl-key=${join(directory, "key.pem")}`,
    `--tmpdir=${directory}`,
  ];
  const child = spawn(MARIADB, [...common, ...settings], { ...user, stdio: ["ignore", "ignore", "pipe"] });
  await says(child, /ready for connections/);
  const sql = (text: string) =>
    execFileSync("/usr/bin/mariadb", ["--no-defaults", "-N", "-u", "root", `--socket=${socket}`, "-e", text], { encoding: "utf8" });
  return { port, ca, sql, close: () => stopped(child, "SIGKILL", directory) };
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** undefined: whoever runs the tests runs the server too. */
function ownerOf(name: string): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync("id", [flag, name], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

/** A certificate for `localhost`, signed by itself; answers it. */
function certify(directory: string, user: Owner | undefined): string {
  const [key, cert] = [join(directory, "key.pem"), join(directory, "cert.pem")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  execFileSync("openssl", ["req", "-x509", ...kind, ...subject, "-keyout", key, "-out", cert], { stdio: "ignore" });
  chmodSync(key, 0o600);
  if (user) for (const file of [key, cert]) chownSync(file, user.uid, user.gid);
  return execFileSync("cat", [cert], { encoding: "utf8" });
}

function own(file: string, text: string, user: Owner | undefined): void {
  writeFileSync(file, text, { mode: 0o600 });
  if (user) chownSync(file, user.uid, user.gid);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** Resolves once the server has said that it is ready; rejects with all that it said where it ends before. */
function says(child: ChildProcess, words: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-10_000);
      if (words.test(said)) resolve();
    });
    child.once("close", () => reject(new Error(said)));
  });
}

/** With it, whatever it has started: its error output is closed by the last of them. */
async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const closed = new Promise((resolve) => child.once("close", resolve));
  child.kill(signal);
  await closed;
}

async function stopped(child: ChildProcess, signal: NodeJS.Signals, directory: string): Promise<void> {
  await ended(child, signal);
  rmSync(directory, { recursive: true, force: true });
}
