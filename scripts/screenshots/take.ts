import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import type { Account, Shown } from "./shown.ts";

const EXECUTABLE = process.env["MILLRACE_CHROMIUM"] ?? "/usr/bin/chromium";
const WIDTHS = [1_440, 1_024, 375] as const;
const THEMES = ["light", "dark"] as const;
const LANGUAGES = ["en", "zh-CN", "zh-TW", "ja"] as const;

/** Longest wait for a page to come to rest, ms. */
const PATIENCE_MS = 120_000;

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
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  try {
    const pictures: Picture[] = [];
    for (const look of looks().filter((one) => isWanted(one, words))) {
      pictures.push(...(await takeAll(browser, origin, pages, look, folder)));
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

async function takeAll(browser: Browser, origin: string, pages: readonly Shown[], look: Look, folder: string): Promise<Picture[]> {
  const wanted = pages.filter(({ looks }) => !looks || looks.includes(`${look.width} ${look.theme} ${look.language}`));
  const pictures: Picture[] = [];
  for (const [account, shown] of Map.groupBy(wanted, (one) => one.account)) {
    const context = await contextOf(browser, origin, look);
    try {
      if (account) await signIn(context, origin, account);
      for (const one of shown) pictures.push(await take(context, one, look, folder));
    } finally {
      await context.close();
    }
  }
  return pictures;
}

async function contextOf(browser: Browser, origin: string, { width, theme, language }: Look): Promise<BrowserContext> {
  const context = await browser.newContext({
    baseURL: origin,
    locale: language,
    colorScheme: theme,
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

/** In a tab of its own: what is open in one page says nothing to the next. */
async function take(context: BrowserContext, { name, path, prepare }: Shown, look: Look, folder: string): Promise<Picture> {
  const page = await context.newPage();
  await page.goto(path);
  await rest(page);
  if (prepare) {
    await prepare(page);
    await rest(page);
  }
  const file = `${name}-${look.width}-${look.theme}-${look.language}.png`;
  const beyond = await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
  await shoot(page, look.width, join(folder, file));
  await page.close();
  return { ...look, name, file, beyond: Math.max(0, beyond) };
}

/** The whole page, in a window as high as it is: a picture that scrolls has the bar of the foot in its middle, and fingers become a mouse. */
async function shoot(page: Page, width: number, path: string): Promise<void> {
  const height = heightOf(width);
  await page.setViewportSize({ width, height: Math.max(height, await page.evaluate<number>("document.documentElement.scrollHeight")) });
  await rest(page);
  await page.screenshot({ path });
  await page.setViewportSize({ width, height });
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
  await page.evaluate("document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))");
}

async function loaded(page: Page): Promise<void> {
  await page.locator("[aria-busy=true]").first().waitFor({ state: "detached" });
}
