import { startMillrace } from "../millrace.ts";
import { report, round } from "../report.ts";
import { launch } from "./browser.ts";
import { editor, runNode } from "./editor.ts";
import { events } from "./events.ts";
import { inspector, longHistory, shellScript } from "./lists.ts";

// What the console promises of its speed, in headless Chromium with software rendering, against servers with real databases.

export async function consolePages(): Promise<void> {
  const browser = await launch();
  try {
    const server = await startMillrace();
    const canvas = await editor(server, browser);
    report("console-editor", "the editor in headless Chromium, software rendering", canvas);
    const one = await runNode(server, browser);
    await server.stop();
    report("console", "the other pages, in the same browser", [
      { what: "scripts of the shell, kB gzip", value: shellScript(), budget: "250" },
      { what: "Run this node → output, p50 ms", value: round(one), budget: "300" },
      ...(await inspector(browser)),
      ...(await longHistory(browser)),
      ...(await events(browser)),
    ]);
  } finally {
    await browser.close();
  }
}
