import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { usageError } from "#cli/cli-error";
import type { GlobalFlags } from "#cli/global-flags";
import { readServerFile } from "#cli/server-file";
import { readStdin } from "#cli/stdin";
import { readProjectFile } from "#config/project-file";
import { InvalidSetting, readVariable } from "#config/read-variable";
import { CLIENT_VARIABLES, VARIABLES } from "#config/variables";

/** Where the server is, what it is asked with, and who said so. */
export interface Connection {
  /** Without a slash at its end. */
  readonly endpoint: string;
  readonly endpointSource: string;
  readonly apiKey: string | null;
  readonly apiKeySource: string;
}

const DEFAULT_ENDPOINT = "http://127.0.0.1:7788";

/** Keys that `millrace dev` keeps in its data directory, the wider one first. */
const KEY_FILES = ["admin.key", "dev.key"];

/** Throws InvalidSetting, and CliError where no key comes on stdin. */
export async function resolveConnection(flags: GlobalFlags, environment: NodeJS.ProcessEnv, cwd: string): Promise<Connection> {
  const project = readProjectFile(cwd);
  const dataDir = resolve(cwd, readVariable(VARIABLES.dataDir, { environment, file: project["dataDir"] }).value);
  const { endpoint, endpointSource } = findEndpoint(flags, environment, project["endpoint"], dataDir);
  const { apiKey, apiKeySource } = await findKey(flags, environment, isLoopback(endpoint) ? dataDir : null);
  return { endpoint, endpointSource, apiKey, apiKeySource };
}

function findEndpoint(flags: GlobalFlags, environment: NodeJS.ProcessEnv, file: string | undefined, dataDir: string) {
  if (flags.endpoint !== undefined && CLIENT_VARIABLES.endpoint.read(flags.endpoint) === undefined) {
    throw new InvalidSetting("--endpoint", flags.endpoint, CLIENT_VARIABLES.endpoint.accepts);
  }
  const { value, source } = readVariable(CLIENT_VARIABLES.endpoint, { flag: flags.endpoint, environment, file });
  if (value !== null) return { endpoint: value.replace(/(?<!\/)\/+$/, ""), endpointSource: source };
  const running = readServerFile(dataDir);
  return running ? { endpoint: running.url, endpointSource: "server.json" } : { endpoint: DEFAULT_ENDPOINT, endpointSource: "default" };
}

/** A server elsewhere is never shown the keys of this machine's data directory: `dataDir` is null then. */
async function findKey(flags: GlobalFlags, environment: NodeJS.ProcessEnv, dataDir: string | null) {
  if (flags.apiKeyStdin === true) return { apiKey: await keyFromStdin(), apiKeySource: "stdin" };
  const { value, source } = readVariable(CLIENT_VARIABLES.apiKey, { environment });
  if (value !== null) return { apiKey: value, apiKeySource: source };
  const name = dataDir === null ? undefined : KEY_FILES.find((file) => existsSync(join(dataDir, file)));
  if (dataDir === null || name === undefined) return { apiKey: null, apiKeySource: "none" };
  return { apiKey: readFileSync(join(dataDir, name), "utf8").trim(), apiKeySource: name };
}

async function keyFromStdin(): Promise<string> {
  const key = (await readStdin()).trim();
  if (CLIENT_VARIABLES.apiKey.read(key) === undefined)
    throw usageError("--api-key-stdin: no key came on stdin", "millrace … --api-key-stdin < key.txt");
  return key;
}

function isLoopback(endpoint: string): boolean {
  const host = URL.parse(endpoint)?.hostname ?? "";
  return host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}
