import { errorPage } from "@millrace/contract";
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from "fastify";
import { type ConsoleFile, type ConsoleFiles, type Encoding, readConsoleFiles } from "#http/console-files";
import { isKnownPath, refuseUnknown } from "#http/not-found";
import { header, languageOf, pathOf } from "#http/request";
import { RequestError } from "#request-error";

/** Addresses of the console's pages. The page is the same; its script looks at the address. */
const PAGES = [
  "/",
  "/login",
  "/setup",
  "/join",
  "/workflows",
  "/workflows/:workflow/:part",
  "/runs",
  "/runs/:run",
  "/shared/:token",
  "/docs",
  "/approvals",
  "/usage",
  "/keys",
  "/webhooks",
  "/alerts",
  "/connections",
  "/knowledge",
  "/knowledge/:base",
  "/members",
  "/audit",
  "/system",
];

/** Nothing from elsewhere, nothing inline, no string as script, no framing. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const SECURITY = { "content-security-policy": POLICY, "x-content-type-options": "nosniff", "referrer-policy": "no-referrer" };

/** Asked again each time, answered with 304 while nothing changed. */
const REVALIDATED = "no-cache";

/** The address has the hash of the content in it: a year is the longest that caches are asked to keep. */
const IMMUTABLE = "public, max-age=31536000, immutable";

/** The web console: its page at the addresses of people, its files under /console/, and the pages of the errors. No key is needed: it holds no data. */
export function mountConsole(server: FastifyInstance): void {
  const files = once(readConsoleFiles);
  const get = (url: string, handler: RouteHandlerMethod) => server.route({ method: ["GET", "HEAD"], url, handler });
  for (const url of PAGES) get(url, async (request, reply) => send(request, reply, (await files()).page, { cache: REVALIDATED }));
  get("/console/*", async (request, reply) => {
    const { "*": path } = request.params as { "*": string };
    const asset = (await files()).assets.get(path);
    if (!asset) throw new RequestError("no_route");
    return send(request, reply, asset, { cache: IMMUTABLE });
  });
  get("/errors/:type", async (request, reply) => sendErrorPage(request, reply, await files()));
  server.setNotFoundHandler(async (request, reply) => {
    if (!isMistyped(request)) refuseUnknown(request, reply);
    return send(request, reply, (await files()).page, { cache: REVALIDATED, vary: "Accept, ", status: 404 });
  });
}

/** What programs call. */
const PROGRAMS = /^\/(v1|api|console|mcp|hooks)(\/|$)/;

/** A person with a browser, at an address that is none: the page says so, and leads home. */
function isMistyped(request: FastifyRequest): boolean {
  return request.method === "GET" && isForPeople(request) && !PROGRAMS.test(pathOf(request.url)) && !isKnownPath(pathOf(request.url));
}

function isForPeople(request: FastifyRequest): boolean {
  return header(request, "accept")?.includes("text/html") ?? false;
}

/** A browser gets the page, which asks for the text; everyone else gets the text at once, in the language that it asks for. */
async function sendErrorPage(request: FastifyRequest, reply: FastifyReply, { page, errors }: ConsoleFiles): Promise<FastifyReply> {
  const { type } = request.params as { type: string };
  const language = languageOf(request);
  const text = errors.get(`${language}/${errorPage(type)}`);
  if (isForPeople(request)) return send(request, reply, page, { cache: REVALIDATED, vary: "Accept, ", status: text ? 200 : 404 });
  if (!text) throw new RequestError("no_route");
  reply.header("content-language", language);
  return send(request, reply, text, { cache: REVALIDATED, vary: "Accept, Accept-Language, " });
}

interface SendOptions {
  readonly cache: string;
  /** Request headers besides Accept-Encoding that chose the file; ends with a comma and a space. */
  readonly vary?: string;
  readonly status?: number;
}

async function send(
  request: FastifyRequest,
  reply: FastifyReply,
  file: ConsoleFile,
  { cache, vary = "", status = 200 }: SendOptions,
): Promise<FastifyReply> {
  const encoding = chooseEncoding(header(request, "accept-encoding"));
  const etag = `"${file.hash}-${encoding}"`;
  reply.headers({ ...SECURITY, "content-type": file.type, "cache-control": cache, etag, vary: `${vary}Accept-Encoding` });
  if (status === 200 && isFresh(header(request, "if-none-match"), etag)) return reply.code(304).send();
  if (encoding !== "identity") reply.header("content-encoding", encoding);
  return reply.code(status).send(await file.body(encoding));
}

/** The smallest form that the client takes. Qualities other than 0 are not weighed: what can be read is as good as the rest. */
export function chooseEncoding(accepted: string | null): Encoding {
  const refused = /;\s*q=0(?:\.0*)?\s*$/i;
  const names = (accepted ?? "").split(",").filter((range) => !refused.test(range));
  const takes = (name: Encoding) => names.some((range) => range.split(";")[0]?.trim().toLowerCase() === name);
  if (takes("br")) return "br";
  return takes("gzip") ? "gzip" : "identity";
}

function isFresh(known: string | null, etag: string): boolean {
  if (known === null) return false;
  return known.split(",").some((tag) => tag.trim() === "*" || tag.trim().replace(/^W\//, "") === etag);
}

/** The first call starts the work; a failure is not kept, so that the next call tries again. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let done: Promise<T> | null = null;
  return () => {
    done ??= work().catch((error: unknown) => {
      done = null;
      throw error;
    });
    return done;
  };
}
