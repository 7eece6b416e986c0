import { type AddDocumentBody, isHttpUrl, type JsonObject, LIMITS, METADATA_KEY, readBase64 } from "@millrace/contract";
import { RetryableError, TerminalError } from "@millrace/engine";
import { type Egress, fileNameOf, parseContentType } from "@millrace/nodes";
import type { Clock } from "#clock";
import { noteAnswer } from "#deed";
import type { Ids } from "#ids";
import type { KnowledgeBases } from "#knowledge/knowledge-bases";
import { formatOf, PARSED_FORMATS } from "#parsing/formats";
import { invalidMember, RequestError } from "#request-error";
import { NotFound } from "#store/errors";
import type { KnowledgeDocumentRow, KnowledgePage, KnowledgeStore, NewDocument } from "#store/knowledge-store";

export interface DocumentsPorts {
  readonly knowledge: KnowledgeStore;
  readonly bases: Pick<KnowledgeBases, "row">;
  readonly egress: Egress;
  readonly ids: Ids;
  readonly clock: Pick<Clock, "now">;
}

/** A file as it came. */
export interface SentFile {
  readonly name: string;
  readonly mediaType: string | null;
  readonly content: Uint8Array;
}

interface Contents extends SentFile {
  readonly url: string | null;
}

/** A person waits for it. */
const FETCH_TIMEOUT_MS = 30_000;

const MAX_BYTES = LIMITS.documentBytes.value;

/** What people do with the documents of knowledge bases. */
export class Documents {
  readonly #ports: DocumentsPorts;

  constructor(ports: DocumentsPorts) {
    this.#ports = ports;
  }

  async list(tenantId: string, base: string, page: KnowledgePage): Promise<readonly KnowledgeDocumentRow[]> {
    const { id } = await this.#ports.bases.row(tenantId, base);
    return this.#ports.knowledge.documents(tenantId, id, page);
  }

  /** By id or name. RequestError `not_found`. */
  async get(tenantId: string, base: string, idOrName: string): Promise<KnowledgeDocumentRow> {
    const { id } = await this.#ports.bases.row(tenantId, base);
    const row = await this.#ports.knowledge.document(tenantId, id, idOrName);
    if (!row) throw missing();
    return row;
  }

  async add(tenantId: string, base: string, given: AddDocumentBody): Promise<KnowledgeDocumentRow> {
    const { id } = await this.#ports.bases.row(tenantId, base);
    const metadata = (given.metadata ?? {}) as JsonObject;
    checkMetadata(metadata);
    const contents = await this.#contentsOf(given);
    noteAnswer({ is: "target", kind: "document" });
    return this.#put(tenantId, id, contents, metadata);
  }

  /** All of them, or none where one of them cannot be taken. */
  async addFiles(
    tenantId: string,
    base: string,
    files: readonly SentFile[],
    metadata: JsonObject,
  ): Promise<readonly KnowledgeDocumentRow[]> {
    const { id } = await this.#ports.bases.row(tenantId, base);
    checkMetadata(metadata);
    for (const file of files) checkFile(file, "/");
    const rows: KnowledgeDocumentRow[] = [];
    for (const file of files) rows.push(await this.#put(tenantId, id, { ...file, url: null }, metadata));
    return rows;
  }

  /** Reads and indexes it again, as it was sent. */
  async reindex(tenantId: string, base: string, idOrName: string): Promise<KnowledgeDocumentRow> {
    const { id, baseId, name, mediaType, url, metadata, revision } = await this.get(tenantId, base, idOrName);
    const content = await this.#ports.knowledge.content(tenantId, id, revision);
    if (!content) throw missing();
    return this.#put(tenantId, baseId, { name, mediaType, url, content }, metadata);
  }

  async delete(tenantId: string, base: string, idOrName: string): Promise<void> {
    const { id, baseId } = await this.get(tenantId, base, idOrName);
    if (!(await this.#ports.knowledge.deleteDocument(tenantId, baseId, id))) throw missing();
  }

  async #put(tenantId: string, baseId: string, contents: Contents, metadata: JsonObject): Promise<KnowledgeDocumentRow> {
    const { knowledge, ids, clock } = this.#ports;
    const isNew = (await knowledge.document(tenantId, baseId, contents.name)) === null;
    const limit = LIMITS.knowledgeDocuments.value;
    if (isNew && (await knowledge.counts(tenantId, baseId)).documents >= limit)
      throw new RequestError("conflict", { key: "conflict.documents", params: { limit } });
    const document: NewDocument = { id: ids.objectId(), baseId, ...contents, metadata, at: clock.now() };
    try {
      return await knowledge.putDocument(tenantId, document);
    } catch (error) {
      throw error instanceof NotFound ? new RequestError("not_found", { key: "not_found.knowledge" }) : error;
    }
  }

  async #contentsOf({ name, text, base64, url, mediaType: given }: AddDocumentBody): Promise<Contents> {
    const mediaType = given ?? null;
    const contents = [text, base64, url].filter((one) => one !== undefined);
    if (contents.length !== 1) throw invalidMember("", "Give exactly one of text, base64 and url.");
    if (url !== undefined) return this.#fetch(url, name, mediaType);
    if (name === undefined) throw invalidMember("/name", "name is needed: a document without a url has no other.");
    // Text without a format of its own is Markdown: bare text reads as that, too.
    const file =
      text === undefined
        ? fileOf(name, mediaType, base64 ?? "")
        : { name, mediaType: mediaType ?? "text/markdown", content: Buffer.from(text) };
    checkFile(file, text === undefined ? "/base64" : "/text");
    return { ...file, url: null };
  }

  async #fetch(url: string, name: string | undefined, mediaType: string | null): Promise<Contents> {
    if (!isHttpUrl(url)) throw invalidMember("/url", "url is an absolute http or https URL.");
    const signal = AbortSignal.timeout(FETCH_TIMEOUT_MS);
    const asked = { url, method: "GET", signal, timeoutMs: FETCH_TIMEOUT_MS, maxBytes: MAX_BYTES };
    const response = await this.#ports.egress.request(asked).catch((error: unknown) => {
      if (error instanceof TerminalError || error instanceof RetryableError) throw invalidMember("/url", error.message);
      throw error;
    });
    if (response.status < 200 || response.status > 299) throw invalidMember("/url", `The URL answered ${response.status}.`);
    const declared = parseContentType(response.headers["content-type"]).mediaType;
    const file = {
      name: name ?? fileNameOf(response),
      mediaType: mediaType ?? (declared === "" ? null : declared),
      content: response.body,
    };
    checkFile(file, "/url");
    return { ...file, url };
  }
}

function fileOf(name: string, mediaType: string | null, base64: string): SentFile {
  const read = readBase64(base64);
  if (read === null) throw invalidMember("/base64", "base64 is not base64.");
  return { name, mediaType, content: Buffer.from(read.base64, "base64") };
}

function checkFile({ name, mediaType, content }: SentFile, at: string): void {
  if (name === "" || name.length > 255 || /\p{Cc}/u.test(name))
    throw invalidMember(at, "A file's name has 1 to 255 characters, none of them a control character.");
  if (content.length > MAX_BYTES) throw invalidMember(at, `${name} has ${content.length} bytes; ${MAX_BYTES} is the most.`);
  if (formatOf(name, mediaType) === null)
    throw invalidMember(
      at,
      `${name} has no format that is read: ${Object.keys(PARSED_FORMATS).join(", ")}. Its extension or mediaType says it.`,
    );
}

const KEY = new RegExp(METADATA_KEY);

/** What a schema cannot say of it, and for metadata of a form, what its schema says. */
function checkMetadata(metadata: JsonObject): void {
  const entries = Object.entries(metadata);
  if (entries.length > LIMITS.metadataMembers.value)
    throw invalidMember("/metadata", `metadata has ${entries.length} members; ${LIMITS.metadataMembers.value} is the most.`);
  if (Buffer.byteLength(JSON.stringify(metadata)) > LIMITS.metadataBytes.value)
    throw invalidMember("/metadata", `metadata has more than ${LIMITS.metadataBytes.value} bytes as JSON.`);
  for (const [key, value] of entries) {
    const values = Array.isArray(value) ? value : [value];
    if (!KEY.test(key) || !values.every((one) => ["string", "number", "boolean"].includes(typeof one)))
      throw invalidMember(
        `/metadata/${key}`,
        `metadata.${key}: names have letters, digits, _, . and -; values are texts, numbers, true, false, and lists of these.`,
      );
  }
}

function missing(): RequestError {
  return new RequestError("not_found", { key: "not_found.document" });
}
