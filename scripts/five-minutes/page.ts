import { type Browser, chromium, type Page } from "playwright-core";

const EXECUTABLE = process.env["MILLRACE_CHROMIUM"] ?? "/usr/bin/chromium";

/** Longest wait for what a page is to show. */
const PATIENCE_MS = 30_000;

export interface Visitor {
  readonly page: Page;
  close(): Promise<void>;
}

/** A headless browser with one page, which may read and write the clipboard of its own. */
export async function openBrowser(locale = "en"): Promise<Visitor> {
  const browser: Browser = await chromium.launch({ executablePath: EXECUTABLE, args: ["--no-sandbox", "--disable-gpu"] });
  const context = await browser.newContext({
    locale,
    viewport: { width: 1440, height: 900 },
    permissions: ["clipboard-read", "clipboard-write"],
  });
  context.setDefaultTimeout(PATIENCE_MS);
  return { page: await context.newPage(), close: () => browser.close() };
}
