import type { Page } from "playwright-core";
import { OWNER, type Seeded, VIEWER } from "./seed.ts";
import type { SeededMuch } from "./seed-much.ts";
import type { Shown } from "./shown.ts";
import { longStates, statesOf } from "./states.ts";

const plain = (name: string, path = `/${name}`): Shown => ({ name, path, account: OWNER });

/** A node that is chosen: on a phone the outline stands in the place of the canvas. */
async function chooseNode(page: Page): Promise<void> {
  const node = page.locator('.react-flow__node[data-id="score"]').or(page.getByRole("treeitem").nth(3)).first();
  await node.click();
}

export function pagesOf(seeded: Seeded): readonly Shown[] {
  const { news, run, failed, waiting, base } = seeded;
  return [
    { ...plain("login"), account: null },
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
    ...[
      ...lists("viewer-", VIEWER_LOOKS),
      { ...plain("viewer-editor", `/workflows/${news}/edit`), looks: VIEWER_LOOKS },
      { ...plain("viewer-api", `/workflows/${news}/api`), looks: VIEWER_LOOKS },
      { ...plain("viewer-run", `/runs/${failed}`), looks: VIEWER_LOOKS },
      { ...plain("viewer-knowledge-base", `/knowledge/${base}`), looks: VIEWER_LOOKS },
    ].map((shown) => ({ ...shown, account: VIEWER })),
  ];
}

const VIEWER_LOOKS = ["1440 light en", "375 light ja"];
const EMPTY_LOOKS = ["1440 light en", "1024 dark en", "375 light zh-TW"];
const MUCH_LOOKS = ["1440 light en", "1024 dark en", "375 dark en", "375 light ja"];

const LISTS = ["workflows", "runs", "approvals", "usage", "keys", "webhooks", "alerts", "connections", "knowledge", "members", "audit"];

/** The pages that list things. */
function lists(prefix: string, looks: readonly string[]): Shown[] {
  const shown = [plain("home", "/"), ...LISTS.map((name) => plain(name))];
  return shown.map((one) => ({ ...one, name: prefix + one.name, looks }));
}

/** Where nothing has been made. */
export function emptyPages(): readonly Shown[] {
  return lists("empty-", EMPTY_LOOKS);
}

/** Where everything is many, and has a long name. */
export function muchPages({ workflow, run, base }: SeededMuch): readonly Shown[] {
  const own = (name: string, path: string): Shown => ({ ...plain(`much-${name}`, path), looks: MUCH_LOOKS });
  return [
    ...lists("much-", MUCH_LOOKS),
    own("editor", `/workflows/${workflow}/edit`),
    own("api", `/workflows/${workflow}/api`),
    own("versions", `/workflows/${workflow}/versions`),
    own("run", `/runs/${run}`),
    own("knowledge-base", `/knowledge/${base}`),
    ...longStates(workflow).map((shown) => ({ ...shown, looks: MUCH_LOOKS })),
  ];
}
