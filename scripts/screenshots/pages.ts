import type { Page } from "playwright-core";
import type { Seeded } from "./seed.ts";
import type { Shown } from "./shown.ts";
import { statesOf } from "./states.ts";

const plain = (name: string, path = `/${name}`): Shown => ({ name, path, signedOut: false });

/** A node that is chosen: on a phone the outline stands in the place of the canvas. */
async function chooseNode(page: Page): Promise<void> {
  const node = page.locator('.react-flow__node[data-id="score"]').or(page.getByRole("treeitem").nth(3)).first();
  await node.click();
}

export function pagesOf(seeded: Seeded): readonly Shown[] {
  const { news, run, failed, waiting, base } = seeded;
  return [
    { ...plain("login"), signedOut: true },
    plain("home", "/"),
    plain("workflows", "/workflows"),
    plain("editor", `/workflows/${news}/edit`),
    { ...plain("editor-node", `/workflows/${news}/edit`), prepare: chooseNode },
    plain("api", `/workflows/${news}/api`),
    plain("versions", `/workflows/${news}/versions`),
    plain("runs", "/runs"),
    plain("run", `/runs/${run}`),
    plain("run-failed", `/runs/${failed}`),
    plain("run-waiting", `/runs/${waiting}`),
    plain("run-values", `/runs/${run}?tab=values`),
    plain("compare", `/runs/compare?a=${run}&b=${failed}`),
    plain("approvals"),
    plain("usage", "/usage"),
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
    plain("docs", "/docs#invoke"),
    ...statesOf(seeded),
  ];
}
