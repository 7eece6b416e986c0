import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { type DocumentView, type JsonObject, shellWord, type UploadAnswer } from "@millrace/contract";
import { CliError, usageError } from "#cli/cli-error";
import { call, segment } from "#cli/client";
import type { Action } from "#cli/command";
import type { CliContext } from "#cli/context";
import { EXIT } from "#cli/exit-codes";
import { parseJson } from "#cli/invoke-input";
import { documentRow } from "#cli/print-document";
import { waitForDocument } from "#cli/wait-for-document";

/** A URL is fetched before it is answered. */
const ADD_TIMEOUT_MS = 60_000;

export const run: Action = async (context, given) => {
  const [base = "", ...files] = given.arguments;
  const urls = given.list("url");
  if (files.length + urls.length === 0) throw usageError("knowledge add: nothing to add", "name files, or --url https://…");
  const metadata = Object.fromEntries(given.list("meta").map(readPair));
  context.ifInterrupted(`what was handed over is indexed: millrace knowledge status ${shellWord(base)}`);
  // Here --timeout is how long to wait; each request has its own time.
  const asking: CliContext = { ...context, timeoutMs: null };
  const until = context.timeoutMs === null ? Number.POSITIVE_INFINITY : performance.now() + context.timeoutMs;
  const added: DocumentView[] = [];
  for (const file of files) added.push(...(await upload(asking, base, file, metadata)));
  for (const url of urls) {
    const body = { url, metadata };
    const { json } = await call(asking, "POST", `/api/v1/knowledge/${segment(base)}/documents`, { body, timeoutMs: ADD_TIMEOUT_MS });
    added.push(json as DocumentView);
  }
  const documents: DocumentView[] = given.on("no-wait") ? added : [];
  if (!given.on("no-wait")) for (const one of added) documents.push(await waitForDocument(asking, base, one, until));
  await context.output.data({ documents }, { rows: documents.map(documentRow), names: documents.map(({ name }) => name) });
  const failed = documents.filter(({ state }) => state === "failed");
  if (failed.length > 0) throw new CliError("not_indexed", failed.map(whyFailed).join("\n"), EXIT.no);
};

function whyFailed({ name, error = "failed", errorType }: DocumentView): string {
  return `${name}: ${error}${errorType === undefined ? "" : ` (${errorType})`}`;
}

async function upload(context: CliContext, base: string, file: string, metadata: JsonObject): Promise<readonly DocumentView[]> {
  const content = await readFile(resolve(context.cwd, file)).catch((error: unknown) => {
    throw usageError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  });
  const form = new FormData();
  form.append("metadata", JSON.stringify(metadata));
  form.append("file", new Blob([new Uint8Array(content)]), basename(file));
  const encoded = new Response(form);
  const bytes = new Uint8Array(await encoded.arrayBuffer());
  const headers = { "Content-Type": encoded.headers.get("content-type") ?? "" };
  const { json } = await call(context, "POST", `/api/v1/knowledge/${segment(base)}/files`, { bytes, headers, timeoutMs: ADD_TIMEOUT_MS });
  return (json as UploadAnswer).documents;
}

/** JSON that can be read is JSON, all else is text. */
function readPair(pair: string): readonly [key: string, value: JsonObject[string]] {
  const at = pair.indexOf("=");
  if (at < 1) throw usageError(`--meta: "${pair}" is not key=value`);
  const text = pair.slice(at + 1);
  return [pair.slice(0, at), parseJson(text) ?? text];
}
