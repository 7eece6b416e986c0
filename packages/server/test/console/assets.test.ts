import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { after, before, test } from "node:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { MODEL_PROVIDERS } from "@millrace/contract";
import { startTestServer, type TestServer } from "#testing/server";

// S10 as far as headers and markup go: what is served, how, and what it may do.

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.close());

interface Fetched {
  readonly status: number;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly body: Buffer;
}

/** The path as it is, the body as it comes: no client that normalises or decodes. */
function fetchRaw(path: string, headers: { readonly [name: string]: string } = {}, method = "GET"): Promise<Fetched> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port: server.port, path, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }));
    });
    sent.on("error", reject);
    sent.end();
  });
}

async function pageText(): Promise<string> {
  return (await fetchRaw("/")).body.toString("utf8");
}

/** Addresses that the page names. */
async function assetPaths(): Promise<string[]> {
  return [...(await pageText()).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = ""]) => path);
}

async function mainScript(): Promise<string> {
  const path = (await assetPaths()).find((one) => /\/assets\/index-[^/]+\.js$/.test(one));
  assert.ok(path);
  return path;
}

/** `/console/<hash>` */
async function folderAddress(): Promise<string> {
  return (await mainScript()).replace(/\/assets\/[^/]+$/, "");
}

/** Every script and style that the page reaches: those that it names, and through their names in scripts those that come later. */
async function reachableAssets(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const open = await assetPaths();
  const base = await folderAddress();
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (found.has(path)) continue;
    const { status, body } = await fetchRaw(path);
    assert.equal(status, 200, path);
    found.set(path, body.toString("utf8"));
    if (!path.endsWith(".js")) continue;
    for (const [name] of body.toString("utf8").matchAll(/(?<=["'`])(?:\.\/|assets\/)[\w.-]+\.(?:js|css)(?=["'`])/g)) {
      open.push(name.startsWith("./") ? `${base}/assets/${name.slice(2)}` : `${base}/${name}`);
    }
  }
  return found;
}

const DIST = new URL("../../../console/dist/", import.meta.url);

/** What the build made, the page aside. */
function builtFiles(): string[] {
  const names = readdirSync(DIST, { recursive: true, encoding: "utf8" }).map((name) => name.replaceAll("\\", "/"));
  return names.filter((name) => /\.(js|css|svg)$/.test(name)).sort();
}

test("the addresses of people get the page, with a policy that allows nothing inline and nothing from elsewhere", async () => {
  const page = await pageText();
  for (const path of [
    "/",
    "/login",
    "/setup",
    "/join",
    "/workflows",
    "/runs",
    "/runs/0198f3c2-5b15-7cbf-999c-1b21893466b0",
    "/runs?status=FAILED",
    "/runs/",
  ]) {
    const { status, headers, body } = await fetchRaw(path);
    assert.equal(status, 200, path);
    assert.equal(body.toString("utf8"), page, path);
    assert.equal(headers["content-type"], "text/html; charset=utf-8");
    assert.equal(headers["content-security-policy"], POLICY);
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.equal(headers["referrer-policy"], "no-referrer");
    assert.equal(headers["cache-control"], "no-cache");
  }
});

test("the page has no inline script, style or handler, and names only files of this server that exist", async () => {
  const page = await pageText();
  assert.doesNotMatch(page, /<style|\sstyle=|\son[a-z]+=|javascript:/i);
  assert.deepEqual(page.match(/<script(?![^>]*\ssrc=)[^>]*>/g), null);
  assert.doesNotMatch(page, /\{\{/);
  for (const path of await assetPaths()) assert.match(path, /^\/console\/[0-9a-f]{16}\/(assets\/)?[\w-]+\.(js|css|svg)$/);
});

test("every file that was built is reached from the page", async () => {
  const base = await folderAddress();
  const reached = [...(await reachableAssets()).keys()].map((path) => path.slice(base.length + 1)).sort();
  assert.ok(reached.length > 5);
  assert.deepEqual(reached, builtFiles());
});

const HOST = /https?:\/\/[a-z0-9][a-z0-9.-]+\.[a-z]{2,}/gi;

/** What people may connect to, which the server asks and never the page: providers of models, and examples of addresses. */
const DATA = new Set([...JSON.stringify(MODEL_PROVIDERS).matchAll(HOST)].map(String));

/** Addresses that libraries name and nobody asks: namespaces, and where a message of theirs is explained. */
const NAMED =
  /^https?:\/\/(www\.w3\.org|json-schema\.org|react\.dev|tailwindcss\.com|base-ui\.com|reactflow\.dev|tanstack\.com|github\.com|fb\.me|([a-z]+\.)*example\.(com|net))$/;

test("no file names another host that could be asked, or makes code of strings", async () => {
  for (const [path, text] of await reachableAssets()) {
    const hosts = [...text.matchAll(HOST)].map(String).filter((url) => !NAMED.test(url) && !DATA.has(url));
    assert.deepEqual(hosts, [], path);
    assert.doesNotMatch(text, /\beval\(|new Function\(|@import ["u]|url\((?!["']?(?:data:|#))/, path);
  }
});

/** What a browser loads before the first page is there. */
const FIRST_LOAD_BYTES = 250_000;

test("the first load is at most 250 kB of script, compressed", async () => {
  let total = 0;
  for (const path of (await assetPaths()).filter((one) => one.endsWith(".js"))) {
    total += (await fetchRaw(path, { "Accept-Encoding": "gzip" })).body.length;
  }
  assert.ok(total <= FIRST_LOAD_BYTES, String(total));
});

test("files are immutable and carry the right types", async () => {
  const types: { readonly [extension: string]: string } = {
    css: "text/css; charset=utf-8",
    js: "text/javascript; charset=utf-8",
    svg: "image/svg+xml; charset=utf-8",
  };
  for (const path of (await reachableAssets()).keys()) {
    const { headers } = await fetchRaw(path);
    assert.equal(headers["content-type"], types[path.split(".").at(-1) ?? ""], path);
    assert.equal(headers["cache-control"], "public, max-age=31536000, immutable", path);
    assert.equal(headers["x-content-type-options"], "nosniff", path);
  }
});

test("brotli and gzip are the same bytes, smaller; nothing is compressed unasked", async () => {
  const path = await mainScript();
  const plain = await fetchRaw(path);
  const br = await fetchRaw(path, { "Accept-Encoding": "gzip, deflate, br, zstd" });
  const gzip = await fetchRaw(path, { "Accept-Encoding": "gzip, br;q=0" });
  assert.equal(plain.headers["content-encoding"], undefined);
  assert.equal(br.headers["content-encoding"], "br");
  assert.equal(gzip.headers["content-encoding"], "gzip");
  assert.deepEqual(brotliDecompressSync(br.body), plain.body);
  assert.deepEqual(gunzipSync(gzip.body), plain.body);
  for (const { body, headers } of [br, gzip, plain]) {
    assert.equal(headers["content-length"], String(body.length));
    assert.equal(headers["vary"], "Accept-Encoding");
  }
  assert.ok(br.body.length < plain.body.length && gzip.body.length < plain.body.length);
});

test("what a client has is answered with 304, each encoding by its own tag", async () => {
  for (const path of ["/runs", await mainScript(), "/errors/llm_auth"]) {
    const { headers } = await fetchRaw(path, { "Accept-Encoding": "br" });
    const tag = String(headers["etag"]);
    for (const known of [tag, `W/${tag}`, `"other", ${tag}`, "*"]) {
      const again = await fetchRaw(path, { "Accept-Encoding": "br", "If-None-Match": known });
      assert.equal(again.status, 304, `${path} ${known}`);
      assert.equal(again.body.length, 0);
      assert.equal(again.headers["etag"], tag);
      assert.equal(again.headers["cache-control"], headers["cache-control"]);
      assert.equal(again.headers["content-type"], headers["content-type"]);
    }
    assert.equal((await fetchRaw(path, { "If-None-Match": tag })).status, 200, `${path} uncompressed`);
    assert.equal((await fetchRaw(path, { "Accept-Encoding": "br", "If-None-Match": '"other"' })).status, 200);
  }
});

test("HEAD answers as GET does, without the body", async () => {
  for (const path of ["/", "/runs/some-run", await mainScript(), "/errors/llm_auth"]) {
    const get = await fetchRaw(path);
    const head = await fetchRaw(path, {}, "HEAD");
    assert.equal(head.status, 200, path);
    assert.equal(head.body.length, 0, path);
    for (const name of ["content-type", "content-length", "etag", "cache-control", "content-security-policy"]) {
      assert.equal(head.headers[name], get.headers[name], `${path} ${name}`);
    }
  }
});

test("only the files of the console are served: no way leads out of the folder or to its tests", async () => {
  const base = await folderAddress();
  const script = (await mainScript()).slice(base.length + "/assets/".length);
  const elsewhere = [
    "/console",
    `/console/${script}`,
    `/console/0000000000000000/assets/${script}`,
    `${base}`,
    `${base}/`,
    `${base}/index.html`,
    `${base}/assets`,
    `${base}/src/main.tsx`,
    `${base}/../package.json`,
    `${base}/assets/../../package.json`,
    `${base}/%2e%2e/package.json`,
    `${base}/..%2fpackage.json`,
    `${base}/..%5cpackage.json`,
    `${base}//assets/${script}`,
    `${base}/assets/${script}%00`,
    `${base}/assets/${script.toUpperCase()}`,
    `${base}/__proto__`,
    "/console/../../../etc/passwd",
    "/console/%2e%2e/%2e%2e/etc/passwd",
  ];
  for (const path of elsewhere) {
    const { status, headers, body } = await fetchRaw(path);
    assert.equal(status, 404, path);
    assert.equal(headers["content-type"], "application/json", path);
    assert.equal((JSON.parse(body.toString("utf8")) as { type: string }).type, "/errors/no_route", path);
    assert.equal(headers["cache-control"], "no-store", path);
  }
  assert.equal((await fetchRaw(`${base}/%zz`)).status, 400);
});

const errorPages = new URL("../../../../docs/errors/", import.meta.url);
const types = readdirSync(errorPages)
  .filter((name) => name.endsWith(".md"))
  .map((name) => name.replace(/\.md$/, ""));

test("every page of an error is served: the text to programs, the page to browsers", async () => {
  const browser = { Accept: "text/html,application/xhtml+xml,*/*;q=0.8" };
  assert.ok(types.length > 50);
  const page = await pageText();
  for (const type of types) {
    const text = await fetchRaw(`/errors/${type}`);
    assert.equal(text.status, 200, type);
    assert.equal(text.headers["content-type"], "text/markdown; charset=utf-8");
    assert.equal(text.headers["vary"], "Accept, Accept-Language, Accept-Encoding");
    assert.equal(text.headers["content-language"], "en");
    assert.ok(text.body.toString("utf8").startsWith(`# ${type}\n`), type);
    const html = await fetchRaw(`/errors/${type}`, browser);
    assert.equal(html.status, 200);
    assert.equal(html.body.toString("utf8"), page);
    assert.equal(html.headers["vary"], "Accept, Accept-Encoding");
  }
  const family = await fetchRaw("/errors/http_503");
  assert.ok(family.body.toString("utf8").startsWith("# http_status\n"));
});

test("the text of an error is in the language that is asked for, English where it is in none of those", async () => {
  for (const [asked, language] of Object.entries({ "zh-CN": "zh-CN", "zh-TW,zh;q=0.8": "zh-TW", "fr, ja;q=0.5": "ja", fr: "en" }))
    for (const type of types) {
      const { headers, body } = await fetchRaw(`/errors/${type}`, { "Accept-Language": asked });
      const file = new URL(language === "en" ? `${type}.md` : `${language}/${type}.md`, errorPages);
      assert.equal(body.toString("utf8"), readFileSync(file, "utf8"), `${type} in ${asked}`);
      assert.equal(headers["content-language"], language);
    }
  assert.equal((await fetchRaw("/errors/ja%2Fllm_auth")).status, 404);
});

test("an error that does not exist is 404, for browsers with the page that says so", async () => {
  for (const type of ["nope", "..%2f..%2fpackage", "%2e%2e", "constructor", "llm_auth.md"]) {
    const program = await fetchRaw(`/errors/${type}`);
    assert.equal(program.status, 404, type);
    assert.equal(program.headers["content-type"], "application/json");
    const person = await fetchRaw(`/errors/${type}`, { Accept: "text/html", "If-None-Match": "*" });
    assert.equal(person.status, 404, type);
    assert.equal(person.body.toString("utf8"), await pageText());
  }
});

test("an address that is none shows browsers the page that says so, and programs an error", async () => {
  const browser = { Accept: "text/html,*/*;q=0.8" };
  for (const path of ["/nowhere", "/runs/x/y", "/apiary"]) {
    const person = await fetchRaw(path, browser);
    assert.equal(person.status, 404, path);
    assert.equal(person.body.toString("utf8"), await pageText());
    assert.equal(person.headers["vary"], "Accept, Accept-Encoding");
    assert.equal((await fetchRaw(path)).headers["content-type"], "application/json");
  }
  for (const path of ["/v1/nope", "/api/v1/nope", "/console/nope"])
    assert.match(String((await fetchRaw(path, browser)).headers["content-type"]), /json$/, path);
  // A known address, with another method.
  assert.equal((await fetchRaw("/mcp", browser)).status, 405);
});

test("the paths of programs answer as before", async () => {
  assert.equal((await server.call("GET", "/api/v1/runs")).status, 401);
  assert.equal((await server.call("POST", "/v1/workflow/invoke", { body: {} })).status, 401);
  assert.deepEqual((await server.call("GET", "/healthz")).json, { status: "ok" });
  const wrong = await server.call("DELETE", "/healthz");
  assert.equal(wrong.status, 405);
  assert.equal(wrong.headers["allow"], "GET");
  for (const [method, path] of [
    ["POST", "/"],
    ["PUT", "/runs"],
    ["DELETE", "/runs/x"],
    ["GET", "/v1"],
    ["GET", "/nope"],
  ] as const) {
    const answer = await server.call(method, path);
    assert.equal(answer.status, 404, `${method} ${path}`);
    assert.equal(answer.json["type"], "/errors/no_route");
  }
});
