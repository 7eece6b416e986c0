import type { Page } from "playwright-core";
import type { Seeded } from "./seed.ts";

/** A page as it is pictured. */
export interface Shown {
  readonly name: string;
  readonly path: string;
  /** In every language, and not in English alone: where most of the words are. */
  readonly everyLanguage: boolean;
  /** Pictured before anybody has signed in. */
  readonly signedOut: boolean;
  /** What is opened or chosen first, and waited for. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}

const plain = (name: string, path = `/${name}`): Shown => ({ name, path, everyLanguage: false, signedOut: false });
const full = (name: string, path: string): Shown => ({ ...plain(name, path), everyLanguage: true });

/** A node that is chosen: on a phone the outline stands in the place of the canvas. */
async function chooseNode(page: Page): Promise<void> {
  const node = page.locator('.react-flow__node[data-id="score"]').or(page.getByRole("treeitem").nth(3)).first();
  await node.click();
}

export function pagesOf({ news, run, failed, waiting, base }: Seeded): readonly Shown[] {
  return [
    { ...plain("login"), signedOut: true },
    plain("home", "/"),
    full("workflows", "/workflows"),
    full("editor", `/workflows/${news}/edit`),
    { ...full("editor-node", `/workflows/${news}/edit`), prepare: chooseNode },
    full("api", `/workflows/${news}/api`),
    plain("versions", `/workflows/${news}/versions`),
    full("runs", "/runs"),
    full("run", `/runs/${run}`),
    full("run-failed", `/runs/${failed}`),
    plain("run-waiting", `/runs/${waiting}`),
    plain("run-values", `/runs/${run}?tab=values`),
    plain("compare", `/runs/compare?a=${run}&b=${failed}`),
    plain("approvals"),
    full("usage", "/usage"),
    plain("keys"),
    plain("webhooks"),
    plain("alerts"),
    plain("connections"),
    plain("knowledge"),
    plain("knowledge-base", `/knowledge/${base}`),
    plain("members"),
    plain("audit"),
    plain("system"),
    plain("error", "/errors/llm_auth"),
  ];
}
