import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { usageError } from "#cli/cli-error";
import type { GlobalFlags } from "#cli/global-flags";
import type { Profile } from "#cli/profile";
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

interface Asked {
  readonly flags: GlobalFlags;
  readonly environment: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly profile: Profile;
}

/** Throws InvalidSetting, and CliError where no key comes on stdin. */
export async function resolveConnection(asked: Asked): Promise<Connection> {
  const { environment, cwd, profile } = asked;
  const project = readProjectFile(cwd);
  const given = { environment, file: project["dataDir"], profile: profile.settings["dataDir"] };
  const dataDir = resolve(cwd, readVariable(VARIABLES.dataDir, given).value);
  const { endpoint, endpointSource } = findEndpoint(asked, project["endpoint"], dataDir);
  const { apiKey, apiKeySource } = await findKey(asked, endpoint, dataDir);
  return { endpoint, endpointSource, apiKey, apiKeySource };
}

function findEndpoint({ flags, environment, profile }: Asked, file: string | undefined, dataDir: string) {
  if (flags.endpoint !== undefined && CLIENT_VARIABLES.endpoint.read(flags.endpoint) === undefined) {
    throw new InvalidSetting("--endpoint", flags.endpoint, CLIENT_VARIABLES.endpoint.accepts);
  }
  const given = { flag: flags.endpoint, environment, file, profile: profile.settings["endpoint"] };
  const { value, source } = readVariable(CLIENT_VARIABLES.endpoint, given);
  if (value !== null) return { endpoint: value.replace(/(?<!\/)\/+$/, ""), endpointSource: source };
  const running = readServerFile(dataDir);
  return running ? { endpoint: running.url, endpointSource: "server.json" } : { endpoint: DEFAULT_ENDPOINT, endpointSource: "default" };
}

/** A key is shown only to the server that it was stored for; those of this machine's data directory to no server elsewhere. */
async function findKey({ flags, environment, profile }: Asked, endpoint: string, dataDir: string) {
  if (flags.apiKeyStdin === true) return { apiKey: await keyFromStdin(), apiKeySource: "stdin" };
  const { value, source } = readVariable(CLIENT_VARIABLES.apiKey, { environment });
  if (value !== null) return { apiKey: value, apiKeySource: source };
  if (profile.credential?.endpoint === endpoint) return { apiKey: profile.credential.apiKey, apiKeySource: "credentials" };
  const name = isLoopback(endpoint) ? KEY_FILES.find((file) => existsSync(join(dataDir, file))) : undefined;
  if (name === undefined) return { apiKey: null, apiKeySource: "none" };
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
