import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import type { Account, Shown } from "./shown.ts";

const EXECUTABLE = process.env["MILLRACE_CHROMIUM"] ?? "/usr/bin/chromium";
const WIDTHS = [1_440, 1_024, 375] as const;
const THEMES = ["light", "dark"] as const;
const LANGUAGES = ["en", "zh-CN", "zh-TW", "ja"] as const;

/** Longest wait for a page to come to rest, ms: what is pictured for half an hour must outlive a machine that has other work. */
const PATIENCE_MS = 300_000;

/** How a page is looked at. */
interface Look {
  readonly width: (typeof WIDTHS)[number];
  readonly theme: (typeof THEMES)[number];
  readonly language: (typeof LANGUAGES)[number];
}

export interface Picture extends Look {
  readonly name: string;
  readonly file: string;
  /** Pixels that the page is wider than its window. */
  readonly beyond: number;
}

/**
 * @param words which looks are wanted: `375`, `dark`, `ja`; of what none is named, all
 */
export async function takePictures(origin: string, pages: readonly Shown[], folder: string, words: readonly string[]): Promise<Picture[]> {
  const browser = await chromium.launch({
    executablePath: EXECUTABLE,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-renderer-backgrounding"],
  });
  try {
    const pictures: Picture[] = [];
    const wanted = looks().filter((one) => isWanted(one, words));
    for (const group of Map.groupBy(wanted, ({ width, language }) => `${width} ${language}`).values()) {
      pictures.push(...(await takeAll(browser, { origin, pages, folder }, group)));
    }
    return pictures;
  } finally {
    await browser.close();
  }
}

/** Both themes and every width in English; the other languages in the light one, at the widest and the narrowest. */
function looks(): Look[] {
  return LANGUAGES.flatMap((language) =>
    THEMES.filter((theme) => theme === "light" || language === "en").flatMap((theme) =>
      WIDTHS.filter((width) => width !== 1_024 || language === "en").map((width) => ({ width, theme, language })),
    ),
  );
}

/** Whether a word names a look, and not a page. */
export function namesLook(word: string): boolean {
  return [...WIDTHS.map(String), ...THEMES, ...LANGUAGES].some((one) => one === word);
}

function isWanted({ width, theme, language }: Look, words: readonly string[]): boolean {
  const among = (all: readonly unknown[], one: unknown) => {
    const named = words.filter((word) => all.map(String).includes(word));
    return named.length === 0 || named.includes(String(one));
  };
  return among(WIDTHS, width) && among(THEMES, theme) && among(LANGUAGES, language);
}

interface Task {
  readonly origin: string;
  readonly pages: readonly Shown[];
  readonly folder: string;
}

/** @param looks the same but for their theme */
async function takeAll(browser: Browser, { origin, pages, folder }: Task, looks: readonly Look[]): Promise<Picture[]> {
  const [first] = looks;
  if (!first) return [];
  const pictures: Picture[] = [];
  for (const [account, shown] of Map.groupBy(pages, (one) => one.account)) {
    const context = await contextOf(browser, origin, first);
    try {
      if (account) await signIn(context, origin, account);
      for (const one of shown) {
        const own = looks.filter((look) => !one.looks || one.looks.includes(`${look.width} ${look.theme} ${look.language}`));
        if (own.length > 0) pictures.push(...(await take(context, one, own, folder)));
      }
    } finally {
      await context.close();
    }
  }
  return pictures;
}

async function contextOf(browser: Browser, origin: string, { width, language }: Look): Promise<BrowserContext> {
  const context = await browser.newContext({
    baseURL: origin,
    locale: language,
    viewport: { width, height: heightOf(width) },
    hasTouch: width === 375,
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(PATIENCE_MS);
  return context;
}

async function signIn(context: BrowserContext, origin: string, account: Account): Promise<void> {
  const answer = await context.request.post("/api/v1/sign-in", { data: account, headers: { Origin: origin } });
  if (!answer.ok()) throw new Error(`signing in: ${answer.status()} ${await answer.text()}`);
}

/** In a tab of its own: what is open in one page says nothing to the next. The looks differ in their theme, which is switched while it is open. */
async function take(context: BrowserContext, { name, path, prepare }: Shown, looks: readonly Look[], folder: string): Promise<Picture[]> {
  const page = await context.newPage();
  await page.goto(path);
  await rest(page);
  if (prepare) {
    await prepare(page);
    await rest(page);
  }
  const pictures: Picture[] = [];
  for (const look of looks) {
    await page.emulateMedia({ colorScheme: look.theme });
    const file = `${name}-${look.width}-${look.theme}-${look.language}.png`;
    const beyond = await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
    await shoot(page, look.width, join(folder, file));
    pictures.push({ ...look, name, file, beyond: Math.max(0, beyond) });
  }
  await page.close();
  return pictures;
}

/** The whole page, in a window as high as it is: a picture that scrolls has the bar of the foot in its middle, and fingers become a mouse. */
async function shoot(page: Page, width: number, path: string): Promise<void> {
  const height = heightOf(width);
  const whole = await page.evaluate<number>("document.documentElement.scrollHeight");
  if (whole > height) {
    await page.setViewportSize({ width, height: whole });
    await rest(page);
  } else await painted(page);
  await page.screenshot({ path });
  if (whole > height) await page.setViewportSize({ width, height });
}

function heightOf(width: number): number {
  return width === 375 ? 812 : 900;
}

/** The page is drawn, and nothing of it is still being loaded. */
async function rest(page: Page): Promise<void> {
  await page.locator("main, [role=main]").first().waitFor();
  await loaded(page);
  const canvas = page.locator(".react-flow").first();
  if ((await canvas.count()) > 0) await canvas.locator(".react-flow__node").first().waitFor();
  await page.waitForLoadState("networkidle", { timeout: 3_000 }).catch(() => undefined);
  await loaded(page);
  await painted(page);
}

async function painted(page: Page): Promise<void> {
  await page.evaluate("document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))");
}

async function loaded(page: Page): Promise<void> {
  await page.locator("[aria-busy=true]").first().waitFor({ state: "detached" });
}
