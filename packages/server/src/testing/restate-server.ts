import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A Restate server of one's own, on loopback, with a data directory that is gone afterwards. */
export interface RestateServer {
  /** Base URLs. */
  readonly ingress: string;
  readonly admin: string;
  readonly pid: number;
  /** Dies at once. */
  kill(): Promise<void>;
  /** Begins anew, on the same data and the same ports. */
  start(): Promise<void>;
  close(): Promise<void>;
}

const BINARY = findBinary();

export const hasRestate = BINARY !== null;

/** Its package has a binary for one platform alone. */
function findBinary(): string | null {
  try {
    const manifest = createRequire(import.meta.url).resolve("@restatedev/restate-server-linux-x64/package.json");
    const binary = join(dirname(manifest), "bin/restate-server");
    return existsSync(binary) ? binary : null;
  } catch {
    return null;
  }
}

/** Few partitions and little memory: a test's runs are few. */
const SMALL = {
  RESTATE_DEFAULT_NUM_PARTITIONS: "4",
  RESTATE_ROCKSDB_TOTAL_MEMORY_SIZE: "256MB",
  RESTATE_WORKER__INVOKER__MEMORY_LIMIT: "256MB",
  RESTATE_LISTEN_MODE: "tcp",
  RESTATE_BIND_IP: "127.0.0.1",
  RESTATE_DISABLE_TELEMETRY: "true",
  RESTATE_LOG_FILTER: "warn",
  RESTATE_LOG_DISABLE_ANSI_CODES: "true",
};

/** Settings of a server beyond those, by variable. */
type Settings = { readonly [variable: string]: string };

/** Resolves once it answers; whether it can do anything yet is for its clients to find out. */
export async function startRestate(more: Settings = {}): Promise<RestateServer> {
  const directory = newDirectory();
  const [fabric = 0, ingress = 0, admin = 0] = await freePorts(3);
  return startNode({ fabric, ingress, admin }, directory, more, () => rmSync(directory, { recursive: true, force: true }));
}

/** So many servers that are one cluster: each log on two of them, so that one may be gone. */
export async function startRestateCluster(count: number, more: Settings = {}): Promise<readonly RestateServer[]> {
  const directory = newDirectory();
  const ports = await freePorts(3 * count);
  const nodes = Array.from({ length: count }, (_, node) => {
    const [fabric = 0, ingress = 0, admin = 0] = ports.slice(3 * node);
    return { fabric, ingress, admin };
  });
  const addresses = JSON.stringify(nodes.map(({ fabric }) => `http://127.0.0.1:${fabric}`));
  let open = count;
  const closed = (): void => {
    open -= 1;
    if (open === 0) rmSync(directory, { recursive: true, force: true });
  };
  return Promise.all(
    nodes.map((node, index) => {
      const own = {
        RESTATE_CLUSTER_NAME: "millrace",
        RESTATE_NODE_NAME: `node-${index + 1}`,
        RESTATE_AUTO_PROVISION: String(index === 0),
        RESTATE_DEFAULT_REPLICATION: "2",
        RESTATE_METADATA_CLIENT__ADDRESSES: addresses,
        RESTATE_ADVERTISED_ADDRESS: `http://127.0.0.1:${node.fabric}`,
      };
      return startNode(node, join(directory, `node-${index + 1}`), { ...own, ...more }, closed);
    }),
  );
}

interface Ports {
  readonly fabric: number;
  readonly ingress: number;
  readonly admin: number;
}

async function startNode({ fabric, ingress, admin }: Ports, directory: string, more: Settings, closed: () => void): Promise<RestateServer> {
  if (BINARY === null) throw new Error("no Restate server on this machine: npm install @restatedev/restate-server-linux-x64");
  const env = {
    ...SMALL,
    RESTATE_BASE_DIR: directory,
    RESTATE_BIND_PORT: String(fabric),
    RESTATE_INGRESS__BIND_PORT: String(ingress),
    RESTATE_ADMIN__BIND_PORT: String(admin),
    ...more,
  };
  const life = () => begin(env, `http://127.0.0.1:${admin}/health`);
  let current = await life();
  return {
    ingress: `http://127.0.0.1:${ingress}`,
    admin: `http://127.0.0.1:${admin}`,
    get pid() {
      return current.pid;
    },
    kill: () => current.end("SIGKILL"),
    start: async () => {
      current = await life();
    },
    close: async () => {
      await current.end("SIGKILL");
      closed();
    },
  };
}

function newDirectory(): string {
  return mkdtempSync(join(tmpdir(), "millrace-restate-"));
}

async function begin(env: NodeJS.ProcessEnv, health: string) {
  const child = spawn(BINARY ?? "", ["--no-logo"], { env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-10_000);
    });
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  let isOver = false;
  void closed.then(() => {
    isOver = true;
  });
  while (!(await answers(health))) {
    if (isOver) throw new Error(`the Restate server ended: ${said}`);
  }
  return {
    pid: child.pid ?? 0,
    end: async (signal: NodeJS.Signals) => {
      child.kill(signal);
      await closed;
    },
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 50));
    return false;
  }
}

/** Below those that the system hands out itself: nobody else is given one of them between here and their use. */
const LOWEST = 20_000;
const SPAN = 12_000;

/** Where processes that look at the same time begin, each elsewhere. */
let next = LOWEST + ((process.pid * 31) % SPAN);

/** Nobody listens there now, and nobody in this process was given one of them lately. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    next = LOWEST + ((next + 1 - LOWEST) % SPAN);
    if (await isFree(next)) ports.push(next);
  }
  return ports;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
