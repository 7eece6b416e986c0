import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { CALLED } from "./hostile-strings.ts";

/** Where a distribution puts it; MILLRACE_CHROMIUM names another one. */
const EXECUTABLE = process.env["MILLRACE_CHROMIUM"] ?? "/usr/bin/chromium";

const ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];

/** Longest wait for what a page is to show: a busy machine may take its time. */
const PATIENCE_MS = 60_000;
const LOOK_MS = 100;

/** Why there is no browser here; null: there is one. */
export function browserProblem(): string | null {
  return existsSync(EXECUTABLE) ? null : `no Chromium at ${EXECUTABLE} (Debian: apt-get install chromium; or set MILLRACE_CHROMIUM)`;
}

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: EXECUTABLE, args: ARGUMENTS });
}

/** A page, and what happened in it and in every frame of it. */
export interface WatchedPage {
  readonly page: Page;
  /** Calls of what hostile strings call, and dialogs. */
  readonly ran: string[];
  /** What the content policy refused. */
  readonly reports: string[];
  /** Requests to anywhere else. */
  readonly foreign: string[];
}

/** In a context with this cookie, as the session of a browser has it. */
export async function contextOf(browser: Browser, origin: string, cookie: string | null): Promise<BrowserContext> {
  const context = await browser.newContext({ baseURL: origin, viewport: { width: 1_440, height: 900 }, reducedMotion: "reduce" });
  context.setDefaultTimeout(PATIENCE_MS);
  const [name = "", value = ""] = cookie?.split("=") ?? [];
  if (cookie !== null) await context.addCookies([{ name, value, domain: "127.0.0.1", path: "/", httpOnly: true, sameSite: "Strict" }]);
  return context;
}

export async function watchedPage(context: BrowserContext, origin: string): Promise<WatchedPage> {
  const page = await context.newPage();
  const watched: WatchedPage = { page, ran: [], reports: [], foreign: [] };
  await page.exposeFunction(CALLED, (n: unknown) => void watched.ran.push(`string ${String(n)} at ${page.url()}`));
  await page.exposeFunction("reported", (text: string) => void watched.reports.push(`${text} at ${page.url()}`));
  await page.addInitScript(
    "document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => reported(effectiveDirective + ' ' + blockedURI))",
  );
  page.on("dialog", (dialog) => {
    watched.ran.push(`a dialog at ${page.url()}: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(`${origin}/`) && !/^(data|blob|about):/.test(request.url())) watched.foreign.push(request.url());
  });
  return watched;
}

/**
 * The texts of a page as soon as they are as wanted, or in the end what they are. It is asked again and again: a condition that the page itself
 * waits for is evaluated in it, which the content policy refuses and reports.
 */
export async function textOnce(page: Page, isWanted: (text: string) => boolean): Promise<string> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const text = await textOf(page);
    if (isWanted(text) || performance.now() > until) return text;
    await page.waitForTimeout(LOOK_MS);
  }
}

/** Texts as they are shown: also in fields, and in what is told of an element. */
function textOf(page: Page): Promise<string> {
  return page.evaluate(`[
    document.body.innerText,
    ...[...document.querySelectorAll("input, textarea")].map(({ value }) => value),
    ...[...document.querySelectorAll("[title], [aria-label]")].map((one) => (one.title ?? "") + " " + (one.getAttribute("aria-label") ?? "")),
  ].join("\\n")`);
}

/** Elements that could run a text: with a handler in their markup, or an address that is a script. */
export function scriptable(page: Page): Promise<readonly string[]> {
  return page.evaluate(`[...document.querySelectorAll("*")].flatMap((one) => [...one.attributes].flatMap(({ name, value }) => {
    const isHandler = /^on|^srcdoc$/i.test(name);
    const isScript = /^(href|src|action|formaction|data|xlink:href)$/i.test(name) && /^\\s*(javascript|vbscript|data:text)/i.test(value);
    return isHandler || isScript ? [one.tagName + " " + name + "=" + value] : [];
  }))`);
}
