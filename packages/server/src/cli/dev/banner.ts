import { relative } from "node:path";
import { isJsonObject, type JsonObject, sampleInput } from "@millrace/contract";
import type { CliContext } from "#cli/context";
import type { DevKey } from "#cli/dev/dev-keys";
import type { Flows, ServedFlow } from "#cli/dev/flows";
import type { Serving } from "#cli/serve/serve";
import { shownData } from "#cli/shown-data";
import { shownPath } from "#cli/shown-path";
import { FLOWS_FOLDER } from "#cli/workflow-files";
import type { Settings } from "#config/settings";

export interface BannerParts {
  readonly context: CliContext;
  readonly settings: Settings;
  readonly serving: Pick<Serving, "url" | "port">;
  readonly flows: Pick<Flows, "served" | "refused" | "folder">;
  readonly first: ServedFlow | null;
  readonly key: DevKey | null;
  /** Of the link that opens the console. */
  readonly signIn: string;
  /** From the start of the process. */
  readonly readyMs: number;
}

/** What a developer needs to know of the server that runs now. The last lines can be pasted into a shell as they are. */
export function banner(parts: BannerParts): string {
  const { context, settings, serving } = parts;
  const place = settings.databaseUrl === null ? " (embedded)" : "";
  const lines = [
    `Millrace ${settings.version}  ready in ${(parts.readyMs / 1_000).toFixed(1)} s     data ${shownData(settings, context.cwd)}${place}   engine embedded`,
    `Console  ${serving.url}     API  ${serving.url}/v1`,
    `Open     ${serving.url}/login#link=${parts.signIn}  (works once; another: millrace open)`,
    ...keyLines(parts),
    flowsLine(parts),
    ...tryLines(parts),
  ];
  return lines.map((line) => `  ${line}\n`).join("");
}

function keyLines({ key, first, context }: BannerParts): string[] {
  if (key === null || first === null) return [];
  const file = shownPath(context.cwd, key.file);
  return [`Key      ${key.hint}  for ${first.name}  (${key.created ? `created, saved to ${file}` : `from ${file}`})`];
}

function flowsLine({ flows: { served, refused, folder } }: BannerParts): string {
  const names = served.map(({ name }) => name).join("  ");
  if (folder === null) return `Flows    1 built-in example     ${names}     (your own go into ./${FLOWS_FOLDER})`;
  const others = refused === 0 ? "" : `, ${refused} with errors`;
  return `Flows    ${served.length} loaded from ./${FLOWS_FOLDER}${others}     ${names}`;
}

function tryLines({ key, first, context, settings, serving }: BannerParts): string[] {
  if (key === null || first === null) return [];
  // A loopback address is what both the server and curl mean by localhost.
  const host = settings.host === "127.0.0.1" ? `localhost:${serving.port}` : serving.url;
  const body = JSON.stringify({ input: sampleInput(startSchema(first.document)) });
  return [
    `Try      curl -s ${host}/v1/workflow/invoke -H "Authorization: Bearer $(cat ${shellWord(nearPath(context.cwd, key.file))})" \\`,
    `           -H 'Content-Type: application/json' -d ${singleQuoted(body)}`,
  ];
}

function startSchema({ nodes }: JsonObject): JsonObject {
  const start = (Array.isArray(nodes) ? nodes : []).find((node) => isJsonObject(node) && node["type"] === "start");
  const schema = isJsonObject(start) ? start["input"] : undefined;
  return isJsonObject(schema) ? schema : {};
}

/** `.millrace/dev.key`. */
function nearPath(cwd: string, file: string): string {
  return shownPath(cwd, file).startsWith("./") ? relative(cwd, file) : file;
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : singleQuoted(text);
}

function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
