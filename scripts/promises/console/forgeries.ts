import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fillPath, ROUTES, type Route, type RouteId } from "@millrace/contract";
import type { BrowserContext } from "playwright-core";
import { Tally } from "../frame/check.ts";
import type { Millrace } from "../harness/millrace.ts";
import { ABSENT_IDS, type Ids, ROUTE_ROWS } from "../harness/route-rows.ts";
import type { Screen } from "./screens.ts";

/** A request that changes something, as somebody else's page makes a browser send it. */
interface Forged {
  readonly id: RouteId;
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

const NAMES = { version: "1.0.0", entry: "1", value: "input", template: "review-digest" };

/** Every route that changes something, with ids of the caller's own. */
export function forgedRequests(own: Partial<Ids>): readonly Forged[] {
  const ids = { ...ABSENT_IDS, ...own };
  const changing = ROUTES.filter(({ method, path }) => method !== "GET" && path.startsWith("/api/v1/"));
  return changing.map((route, serial) => {
    const { body = {}, query = "" } = ROUTE_ROWS[route.id].request(ids, serial);
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return { id: route.id, method: route.method, path: fillPath(route.path, { ...ids, ...NAMES }) + query, body: text };
  });
}

/** Headers that a foreign page's request carries, or that a page has whose name was pointed here. */
const foreignHeaders = (port: number): readonly { readonly [name: string]: string }[] => [
  { Origin: "http://evil.example" },
  { Origin: "null" },
  { Origin: "http://127.0.0.1:1" },
  { "Sec-Fetch-Site": "cross-site" },
  { "Sec-Fetch-Site": "same-site" },
  { Host: `evil.example:${port}` },
  { Host: `evil.example:${port}`, Origin: `http://evil.example:${port}`, "Sec-Fetch-Site": "same-origin" },
  {},
];

/** Each in the name of the session, straight to the server's socket; what it does not refuse is counted. */
export async function forgeBySocket(server: Millrace, cookie: string, requests: readonly Forged[]): Promise<Tally> {
  const written = new Tally();
  for (const { id, method, path, body } of requests) {
    for (const foreign of foreignHeaders(server.port)) {
      const headers = { "Content-Type": contentTypeOf(id), Cookie: cookie, ...foreign };
      const { status } = await server.call(method, path, { headers, body });
      written.add(status === 403 || status === 401 ? null : `${id} with ${JSON.stringify(foreign)} answers ${status}`);
    }
  }
  return written;
}

function contentTypeOf(id: RouteId): string {
  const { body } = ROUTES.find((route) => route.id === id) as Route;
  return body?.contentTypes?.[0] === "multipart/form-data" ? "multipart/form-data; boundary=matrix" : "application/json";
}

/** Somebody else's pages, on another port: of the same site, as the cookie sees it. */
export async function withForeignPages<T>(use: (origin: string) => Promise<T>): Promise<T> {
  const pages = createServer((_, response) => void response.setHeader("content-type", "text/html").end("<!doctype html><body></body>"));
  await new Promise<void>((resolve) => pages.listen(0, "127.0.0.1", resolve));
  try {
    return await use(`http://127.0.0.1:${(pages.address() as AddressInfo).port}`);
  } finally {
    pages.closeAllConnections();
    pages.close();
  }
}

/** What a foreign page can make a browser send: forms, and requests whose answer it may not read. Answers that are no refusal are counted. */
export async function forgeInBrowser(
  context: BrowserContext,
  foreign: string,
  target: string,
  requests: readonly Forged[],
): Promise<Tally> {
  const forged = new Tally();
  const page = await context.newPage();
  await page.goto(foreign);
  const watched = (url: string) => url.startsWith(`${target}/api/`);
  page.on("response", (answer) => {
    if (watched(answer.url()))
      forged.add(answer.status() >= 400 ? null : `${answer.request().method()} ${answer.url()} answers ${answer.status()}`);
  });
  for (const { method, path, body } of requests) {
    await page.evaluate(`(async () => {
      const [url, method, body] = ${JSON.stringify([target + path, method, body])};
      const quiet = () => undefined;
      await fetch(url, { method: "POST", mode: "no-cors", credentials: "include", body }).catch(quiet);
      await fetch(url, { method, credentials: "include", headers: { "Content-Type": "application/json" }, body }).catch(quiet);
      const frame = document.body.appendChild(Object.assign(document.createElement("iframe"), { name: "answers" }));
      const loaded = new Promise((resolve) => frame.addEventListener("load", resolve));
      const form = document.createElement("form");
      Object.assign(form, { action: url, method: "POST", enctype: "text/plain", target: "answers" });
      const [name, ...rest] = body.split(":");
      form.append(Object.assign(document.createElement("input"), { name: name + ":" + rest.join(":").slice(0, -1), value: "}" }));
      document.body.append(form);
      form.submit();
      await loaded;
      form.remove();
      frame.remove();
    })()`);
  }
  await page.close();
  return forged;
}

/** Screens within a frame of a foreign page: what of the console is in it is counted. */
export async function frameScreens(context: BrowserContext, foreign: string, target: string, screens: readonly Screen[]): Promise<Tally> {
  const framed = new Tally();
  const page = await context.newPage();
  await page.goto(foreign);
  for (const { name, path } of screens) {
    await page.evaluate(`new Promise((resolve) => {
      document.body.replaceChildren(Object.assign(document.createElement("iframe"), { src: ${JSON.stringify(target + path)}, onload: resolve }));
    })`);
    const inside = page.frames().find((frame) => frame !== page.mainFrame());
    const isShown = inside?.url().startsWith(target);
    framed.add(isShown ? `${name} is shown in a foreign frame` : null);
  }
  await page.close();
  return framed;
}
