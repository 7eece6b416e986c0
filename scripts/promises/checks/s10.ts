import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fillPath, pathParameters, ROUTES } from "@millrace/contract";
import type { Browser, BrowserContext } from "playwright-core";
import { forgeBySocket, forgedRequests, forgeInBrowser, frameScreens, withForeignPages } from "../console/forgeries.ts";
import { hostileStrings, numbersIn } from "../console/hostile-strings.ts";
import { mainScreens, otherScreens, type Screen } from "../console/screens.ts";
import { type Stored, storeEverywhere } from "../console/stored.ts";
import { browserProblem, contextOf, launch, scriptable, textOnce, type WatchedPage, watchedPage } from "../console/watched-page.ts";
import { allRows, withDatabase } from "../forms/database.ts";
import { type Check, type Count, type Effort, type Outcome, Tally, together } from "../frame/check.ts";
import { echo } from "../harness/documents.ts";
import { joined, type SignedIn } from "../harness/members.ts";
import { ADMIN_KEY, type Millrace, withMillrace } from "../harness/millrace.ts";
import { ABSENT_IDS } from "../harness/route-rows.ts";

/** What time and asking leave behind by themselves. */
const TRACES = new Set(["audit_log", "sessions", "workers"]);

export const s10: Check = {
  id: "S10",
  property:
    "No stored text becomes script on any screen of the console, no page of somebody else's writes through it or frames it, and signing out ends the session",
  run: (effort) =>
    withCanary((canary) =>
      withMillrace({ MILLRACE_LOG_LEVEL: "silent" }, async (server, dataDir) => {
        const strings = hostileStrings(canary.origin);
        const stored = await storeEverywhere(server, strings);
        const owner = await joined(server, ADMIN_KEY, "owner@example.com", "owner");
        const plain = together(await policies(server, owner, stored), await socketForgeries(server, dataDir, owner, stored));
        const seen = await inBrowser(effort, server, dataDir, owner, { stored, strings });
        const asked = { what: "requests for what stored texts name", failed: canary.requests, of: strings.length, tried: "stored texts" };
        return together(plain, seen, await signingOut(server, owner), { counts: [asked] });
      }),
    ),
};

interface Canary {
  readonly origin: string;
  readonly requests: number;
}

async function withCanary<T>(use: (canary: Canary) => Promise<T>): Promise<T> {
  let requests = 0;
  const server = createServer((_, response) => {
    requests += 1;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    return await use({
      origin,
      get requests() {
        return requests;
      },
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Pages have a policy without inline scripts and eval; what holds stored texts is no page. */
async function policies(server: Millrace, owner: SignedIn, stored: Stored): Promise<Outcome> {
  const [pages, data] = [new Tally(), new Tally()];
  for (const { name, path } of [...mainScreens(stored), ...otherScreens(stored)]) {
    const { headers } = await server.call("GET", path, { headers: { Accept: "text/html" } });
    const policy = String(headers["content-security-policy"] ?? "");
    const isStrict = /default-src 'none'/.test(policy) && /frame-ancestors 'none'/.test(policy) && !/unsafe|\*/.test(policy);
    pages.add(isStrict && headers["x-content-type-options"] === "nosniff" ? null : `${name}: ${policy}`);
  }
  const ids = { ...ABSENT_IDS, ...stored, version: "1.0.0", entry: "1", value: "input", template: "review-digest" };
  for (const { method, path } of ROUTES) {
    if (method !== "GET" || !path.startsWith("/api/v1/") || path.endsWith("/events") || path.endsWith("/listen")) continue;
    if (pathParameters(path).some((name) => !Object.hasOwn(ids, name))) continue;
    const { headers } = await owner.call("GET", fillPath(path, ids));
    const type = String(headers["content-type"] ?? "");
    data.add(/html|svg|xml/.test(type) || headers["x-content-type-options"] !== "nosniff" ? `${path}: ${type}` : null);
  }
  const file = await owner.call("GET", `/api/v1/runs/${stored.run}/values/output?download=true`);
  const isFile = String(file.headers["content-disposition"]).startsWith("attachment;");
  data.add(isFile && file.headers["content-security-policy"] === "sandbox" ? null : `a download: ${JSON.stringify(file.headers)}`);
  return {
    counts: [
      pages.count("without a strict policy", "pages"),
      data.count("that a browser could take for a page", "answers with stored texts"),
    ],
    failures: [...pages.failures, ...data.failures],
  };
}

/** What is in the store, but for what asking leaves there. */
async function rowsIn(dataDir: string): Promise<readonly string[]> {
  const rows = await withDatabase(dataDir, allRows);
  return rows
    .filter(({ table }) => !TRACES.has(table))
    .map(({ table, row: { last_used_at: _, last_used_from: __, ...row } }) => `${table} ${JSON.stringify(row)}`);
}

function changed(before: readonly string[], after: readonly string[]): Count {
  const kept = new Set(before);
  const added = after.filter((row) => !kept.has(row));
  const differing = added.length + Math.max(0, before.length - after.length);
  return { what: "changed by forged requests", failed: differing, of: before.length, tried: "stored rows" };
}

async function socketForgeries(server: Millrace, dataDir: string, owner: SignedIn, stored: Stored): Promise<Outcome> {
  const before = await rowsIn(dataDir);
  const taken = await forgeBySocket(server, owner.cookie, forgedRequests(stored));
  return {
    counts: [
      taken.count("forged writes not refused", "requests of a foreign origin or host with the owner's cookie"),
      changed(before, await rowsIn(dataDir)),
    ],
    failures: taken.failures,
  };
}

interface Content {
  readonly stored: Stored;
  readonly strings: readonly string[];
}

/** Without a browser markup is all that can be looked at, and a long run has to have one. */
async function inBrowser(effort: Effort, server: Millrace, dataDir: string, owner: SignedIn, content: Content): Promise<Outcome> {
  const problem = browserProblem();
  if (problem !== null && effort.long) throw new Error(problem);
  if (problem !== null) return { counts: [], facts: { "in a browser": `skipped: ${problem}` } };
  const origin = `http://127.0.0.1:${server.port}`;
  const browser = await launch();
  try {
    const context = await contextOf(browser, origin, owner.cookie);
    const { stored } = content;
    await giveNames(server, content.strings);
    const screens = effort.long ? [...mainScreens(stored), ...otherScreens(stored)] : mainScreens(stored);
    const shown = await visit(context, origin, screens, content);
    const blind = await isBlind(browser, context, origin);
    const before = await rowsIn(dataDir);
    const forged = await withForeignPages(async (foreign) => ({
      writes: await forgeInBrowser(context, foreign, origin, forgedRequests(stored)),
      frames: await frameScreens(context, foreign, origin, screens),
    }));
    return together(shown, {
      counts: [
        blind.count("not noticed", "texts planted as markup"),
        forged.writes.count("forged writes not refused", "answers to a foreign page in a browser"),
        changed(before, await rowsIn(dataDir)),
        forged.frames.count("shown in a foreign page's frame", "screens"),
      ],
      failures: [blind, forged.writes, forged.frames].flatMap(({ failures }) => failures),
    });
  } finally {
    await browser.close();
  }
}

/** Members and workflows of these names: the newest of what the audit log has. */
async function giveNames(server: Millrace, names: readonly string[]): Promise<void> {
  for (const [n, name] of names.entries()) {
    await joined(server, ADMIN_KEY, `member${n}@example.com`, "viewer", name.slice(0, 100));
    await server.publish(echo(name.slice(0, 80)));
  }
}

/** Each screen with everything that is stored on it. */
async function visit(context: BrowserContext, origin: string, screens: readonly Screen[], { strings }: Content): Promise<Outcome> {
  const [empty, markup] = [new Tally(), new Tally()];
  const shown = new Set<number>();
  let pairs = 0;
  const watched = await watchedPage(context, origin);
  for (const { name, path, showsTexts } of screens) {
    const numbers = await numbersOn(watched, path, showsTexts);
    pairs += numbers.size;
    for (const n of numbers) shown.add(n);
    empty.add(showsTexts && numbers.size === 0 ? `${name} shows no stored text` : null);
    const found = await scriptable(watched.page);
    markup.add(found.length === 0 ? null : `${name}: ${found[0]}`);
  }
  const { ran, reports, foreign } = watched;
  const none = (what: string, found: readonly string[]): Count => ({
    what,
    failed: found.length,
    of: pairs,
    tried: "texts shown on a screen",
  });
  return {
    counts: [
      none("scripts run", ran),
      none("reports of the content policy", reports),
      none("requests to elsewhere", foreign),
      empty.count("without what is stored", "screens"),
      markup.count("with markup that could run", "screens"),
      { what: "never shown", failed: strings.length - shown.size, of: strings.length, tried: "stored texts" },
    ],
    failures: [...ran, ...reports, ...foreign, ...empty.failures, ...markup.failures].slice(0, 8),
  };
}

/** Which of the stored texts the screen shows, once it shows any and has come to rest. */
async function numbersOn({ page }: WatchedPage, path: string, showsTexts: boolean): Promise<ReadonlySet<number>> {
  await page.goto(path);
  await page.waitForLoadState("networkidle").catch(() => undefined);
  return new Set(numbersIn(await textOnce(page, (text) => !showsTexts || numbersIn(text).length > 0)));
}

/** The same texts as markup: on a page without a policy they have to run, on the console's the policy has to report them. */
async function isBlind(browser: Browser, context: BrowserContext, origin: string): Promise<Tally> {
  const blind = new Tally();
  const planted = hostileStrings("http://127.0.0.1:9");
  const bare = await watchedPage(await contextOf(browser, origin, null), origin);
  await withForeignPages(async (foreign) => {
    await bare.page.goto(foreign);
    await bare.page.evaluate(`document.body.innerHTML = ${JSON.stringify(planted.join("\n"))}`);
    await bare.page.waitForTimeout(500);
  });
  blind.add(bare.ran.length > 0 ? null : "texts that run on a page without a policy");
  const guarded = await watchedPage(context, origin);
  await guarded.page.goto("/errors/llm_auth");
  await guarded.page.evaluate(`document.body.insertAdjacentHTML("beforeend", ${JSON.stringify(planted.join("\n"))})`);
  await guarded.page.waitForTimeout(500);
  blind.add(guarded.reports.length > 0 && guarded.ran.length === 0 ? null : "texts that the policy of a console's page refuses");
  await guarded.page.close();
  return blind;
}

/** The cookie that a browser had, tried again. */
async function signingOut(server: Millrace, owner: SignedIn): Promise<Outcome> {
  const open = new Tally();
  const { status } = await owner.call("GET", "/api/v1/whoami");
  if (status !== 200) throw new Error(`the session had ended before: ${status}`);
  const origin = `http://127.0.0.1:${server.port}`;
  const left = await server.call("POST", "/api/v1/sign-out", { headers: { Cookie: owner.cookie, Origin: origin } });
  if (left.status !== 204) throw new Error(`signing out: ${left.status} ${left.text}`);
  for (const path of ["/api/v1/whoami", "/api/v1/runs", "/api/v1/keys", "/api/v1/events"]) {
    const after = await server.call("GET", path, { headers: { Cookie: owner.cookie } });
    open.add(after.status === 401 ? null : `${path} answers ${after.status} after signing out`);
  }
  return { counts: [open.count("answered after signing out", "requests with the session's cookie")], failures: open.failures };
}
