import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after } from "node:test";
import { type BrowserContext, type Browser as Chromium, chromium, type Page, type Request } from "playwright-core";
import { type Browser, setUpOwner } from "#testing/browser";
import type { TestServer } from "#testing/server";

/** Where a distribution puts it: without the windows of a browser around its pages, which take a third of the time, or with them. */
const EXECUTABLES = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"] as const;

/** MILLRACE_CHROMIUM names another one. */
const EXECUTABLE = process.env["MILLRACE_CHROMIUM"] ?? EXECUTABLES.find(existsSync) ?? EXECUTABLES[1];

const ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];

/** Longest wait for what a page is to show. A page is ready long before; a busy machine may take its time. */
const PATIENCE_MS = 30_000;

/** How a visitor looks at the console. */
export interface Look {
  readonly language?: "en" | "zh-CN" | "zh-TW" | "ja";
  readonly theme?: "light" | "dark";
  /** CSS pixels. */
  readonly width?: number;
  readonly height?: number;
  /** A finger instead of a mouse. */
  readonly touch?: boolean;
  /** Whose session it is; the owner's when absent, nobody's when null or where the server runs by itself. */
  readonly as?: Browser | null;
  /** Messages of the browser's console that the test brings about: an answer outside 2xx is one. */
  readonly expected?: RegExp;
}

/**
 * Options for tests in a browser: a missing Chromium fails them in CI, with what to do, and passes them over elsewhere.
 * @example test("C1: …", inChromium, async () => visit(server, {}, async (page) => { … }))
 */
export const inChromium: { readonly skip: string | false } = { skip: skipped() };

function skipped(): string | false {
  if (existsSync(EXECUTABLE)) return false;
  const hint = `no Chromium at ${EXECUTABLE}: install it (apt-get install chromium), or set MILLRACE_CHROMIUM to its path`;
  assert.equal(process.env["CI"], undefined, hint);
  return hint;
}

let launched: Promise<Chromium> | null = null;

/** One browser a test file, closed with it. */
function launch(): Promise<Chromium> {
  if (launched) return launched;
  launched = chromium.launch({ executablePath: EXECUTABLE, headless: true, args: ARGUMENTS });
  return launched;
}

// Of the file that imports this one, not of the test that launches it.
after(async () => (await launched)?.close());

/** A server of the test's process, or one that runs by itself and lets in who is on its machine. */
export type Visited = TestServer | { readonly port: number };

/**
 * A page of its own for one visit. When the visit ends, nothing may have been refused by the content policy, asked of another host, thrown,
 * or told to the browser's console as an error.
 */
export async function visit(server: Visited, look: Look, use: (page: Page, context: BrowserContext) => Promise<void>): Promise<void> {
  const context = await (await launch()).newContext({
    baseURL: origin(server),
    locale: look.language ?? "en",
    colorScheme: look.theme ?? "light",
    viewport: { width: look.width ?? 1440, height: look.height ?? 900 },
    hasTouch: look.touch ?? false,
    reducedMotion: "reduce",
    serviceWorkers: "block",
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const complaints: string[] = [];
  context.on("page", (page) => listen(page, server, look.expected, complaints));
  try {
    const browser = look.as === undefined && "app" in server ? await owner(server) : look.as;
    if (browser) await context.addCookies(cookiesOf(browser));
    await use(await context.newPage(), context);
    assert.deepEqual(complaints, []);
  } finally {
    await context.close();
  }
}

export function origin(server: Visited): string {
  return `http://127.0.0.1:${server.port}`;
}

/** What a page has asked for and not got yet; but for streams, which go on as long as it does. */
class Asked {
  readonly #requests = new Set<Request>();
  #quiet = Promise.withResolvers<void>();

  constructor(page: Page) {
    this.#quiet.resolve();
    page.on("request", (request) => this.#sent(request));
    page.on("requestfinished", (request) => this.#answered(request));
    page.on("requestfailed", (request) => this.#answered(request));
  }

  #sent(request: Request): void {
    if (request.resourceType() === "eventsource") return;
    if (this.#requests.size === 0) this.#quiet = Promise.withResolvers();
    this.#requests.add(request);
  }

  #answered(request: Request): void {
    if (this.#requests.delete(request) && this.#requests.size === 0) this.#quiet.resolve();
  }

  get isQuiet(): boolean {
    return this.#requests.size === 0;
  }

  get quiet(): Promise<void> {
    return this.#quiet.promise;
  }
}

const asked = new WeakMap<Page, Asked>();

const TWO_FRAMES = "new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))";

/** Waits until a page of a visit has what it asks for, and has drawn it. What an answer lets it ask for in turn is waited for too. */
export async function settled(page: Page): Promise<void> {
  const requests = asked.get(page) ?? assert.fail("not a page of a visit");
  await page.locator("main").first().waitFor();
  do {
    await requests.quiet;
    await page.locator("[aria-busy=true]").first().waitFor({ state: "detached" });
    await page.evaluate(TWO_FRAMES);
  } while (!requests.isQuiet);
}

function listen(page: Page, server: Visited, expected: RegExp | undefined, complaints: string[]): void {
  asked.set(page, new Asked(page));
  const complain = (text: string) => {
    if (!expected?.test(text)) complaints.push(text);
  };
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complain(`${message.text()} ${message.location().url}`);
  });
  page.on("pageerror", (error) => complain(String(error.stack ?? error)));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin(server)}/`) && !/^(data|blob):/.test(url)) complain(`foreign request: ${url}`);
  });
}

const owners = new WeakMap<TestServer, Promise<Browser>>();

/** The owner's session, made once a server. */
export function owner(server: TestServer): Promise<Browser> {
  const known = owners.get(server) ?? setUpOwner(server);
  owners.set(server, known);
  return known;
}

function cookiesOf(browser: Browser) {
  return browser.cookie
    .split("; ")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const [name = "", value = ""] = pair.split("=");
      return { name, value, domain: "127.0.0.1", path: "/", httpOnly: true, sameSite: "Strict" as const };
    });
}

/** Pictures that the page draws at most until what it was asked for is seen. */
const MOST_FRAMES = 600;

/** Waits for what no locator finds. A page whose content policy refuses to evaluate text is asked from outside. */
export async function comesTrue(page: Page, expression: string): Promise<void> {
  for (let frame = 0; frame < MOST_FRAMES; frame++) {
    if (await page.evaluate<boolean>(expression)) return;
    await page.evaluate("new Promise(requestAnimationFrame)");
  }
  assert.fail(`not in ${MOST_FRAMES} frames: ${expression}`);
}
