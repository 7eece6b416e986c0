import { isJsonObject, type Json, type ModelProviderPreset } from "@millrace/contract";
import { RetryableError } from "@millrace/engine";
import type { ModelConnection } from "#models/ports";
import { brokenBy, refusedBy } from "#models/providers/failure";
import { baseUrlOf } from "#models/providers/sdk";

/** For a person who waits. */
const TIMEOUT_MS = 10_000;
/** OpenRouter tells of seven hundred models in a megabyte. */
const MAX_BYTES = 8 * 1_024 * 1_024;
/** More are not shown. */
const MAX_MODELS = 2_000;

interface ModelsApi {
  /** Where the base URL has no path. */
  readonly path: string;
  readonly query: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** How each API is asked which models there are; null: its models are deployments, of which it does not tell. */
const APIS: { readonly [Api in ModelProviderPreset["api"]]: ModelsApi | null } = {
  openai: { path: "/v1", query: "", headers: [] },
  "openai-compatible": { path: "/v1", query: "", headers: [] },
  anthropic: { path: "/v1", query: "?limit=1000", headers: [["anthropic-version", "2023-06-01"]] },
  google: { path: "/v1beta", query: "?pageSize=1000", headers: [] },
  azure: null,
};

/**
 * The models that a provider says that it has, by name; null: it does not tell. TerminalError and RetryableError as of a call: `llm_auth`,
 * `llm_unavailable` (nothing of the kind there), `llm_error`.
 */
export async function askForModels(connection: ModelConnection, preset: ModelProviderPreset): Promise<readonly string[] | null> {
  const api = APIS[preset.api];
  if (!api) return null;
  const { baseUrl, wire, settings, provider } = connection;
  const url = `${baseUrlOf({ provider, baseUrl, settings }, api.path).replace(/\/$/, "")}/models${api.query}`;
  const signal = new AbortController().signal;
  const bounds = { signal, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES };
  const failed = (error: unknown): never => {
    throw brokenBy(error, signal);
  };
  const answer = await wire
    .open({ method: "GET", url, headers: [["accept", "application/json"], ...api.headers], ...bounds })
    .catch(failed);
  const text = await textOf(answer.body).catch(failed);
  const clean = wire.redaction?.text(text) ?? text;
  if (answer.status < 200 || answer.status >= 300) throw refusedBy({ status: answer.status, headers: answer.headers, text: clean });
  const names = namesIn(clean);
  if (!names) throw new RetryableError("llm_error", `${url} answers, but not with a list of models. Check the base URL of the connection.`);
  return names.slice(0, MAX_MODELS);
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

/** `{ data: [{ id }] }`, as Google says it `{ models: [{ name: "models/…" }] }`; null: it is neither. */
function namesIn(text: string): readonly string[] | null {
  const json = parsed(text);
  const rows = isJsonObject(json) ? (json["data"] ?? json["models"]) : null;
  if (!Array.isArray(rows)) return null;
  const names = rows.map((row) => (isJsonObject(row) ? (row["id"] ?? row["name"]) : null)).filter((name) => typeof name === "string");
  return [...new Set(names.map((name) => name.replace(/^models\//, "")))].sort();
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
