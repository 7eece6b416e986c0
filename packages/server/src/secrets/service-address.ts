import { databaseProvider } from "@millrace/contract";
import type { EgressGuard } from "#egress/egress";
import { invalid } from "#secrets/secrets";

/** Where a connection leads. */
export interface ServiceAddress {
  readonly url: URL;
  /** `host:port`; none: it is on this machine. */
  readonly hosts: readonly string[];
}

const DEFAULT_PORTS: { readonly [protocol: string]: string } = { "http:": "80", "https:": "443" };

/** The base URL of a connection, as its provider has it. RequestError `invalid_request`. */
export function readAddress(provider: string, text: string, egress: Pick<EgressGuard, "checkUrl">): ServiceAddress {
  const url = URL.parse(text);
  const database = databaseProvider(provider);
  if (database?.scheme === "sqlite:") return { url: fileIn(text, url), hosts: [] };
  if (provider === "mcp-stdio") return { url: commandIn(text, url), hosts: [] };
  const schemes = database ? [database.scheme] : Object.keys(DEFAULT_PORTS);
  if (!url || !schemes.includes(url.protocol) || url.hostname === "")
    throw invalid(
      "/baseUrl",
      database ? `baseUrl: expected ${database.scheme}//host:${database.port}/database` : "baseUrl: expected an absolute http or https URL",
    );
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "")
    throw invalid("/baseUrl", "baseUrl: expected a URL without user, query and fragment; a credential goes into credential");
  if (database && !/^\/?[^/]*$/.test(url.pathname)) throw invalid("/baseUrl", "baseUrl: the name of the database has no slash in it");
  const port = url.port || String(database?.port ?? DEFAULT_PORTS[url.protocol]);
  const refusal = egress.checkUrl(database ? `http://${url.hostname}:${port}/` : text);
  if (refusal) throw invalid("/baseUrl", `baseUrl: ${refusal.reason}`);
  return { url, hosts: [`${url.hostname}:${port}`] };
}

/** `mcp-stdio:files`, by a name that the operator gave to a command. */
function commandIn(text: string, url: URL | null): URL {
  if (!url || !/^mcp-stdio:[A-Za-z0-9_-]{1,100}$/.test(text))
    throw invalid("/baseUrl", "baseUrl: expected mcp-stdio:NAME, a command that MILLRACE_MCP_COMMANDS names");
  return url;
}

/** `sqlite:reports/2026.db`, below the operator's directory. */
function fileIn(text: string, url: URL | null): URL {
  const [, name = ""] = /^sqlite:([^?#]*)$/.exec(text) ?? [];
  if (!url || name === "" || name.startsWith("/") || name.split(/[/\\]/).includes(".."))
    throw invalid("/baseUrl", "baseUrl: expected sqlite:FILE, a file below the directory that MILLRACE_SQLITE_DIR names");
  return url;
}
