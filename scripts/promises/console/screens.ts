import type { Stored } from "./stored.ts";

/** An address of the console, and whether it shows texts that somebody has stored. */
export interface Screen {
  readonly name: string;
  readonly path: string;
  readonly showsTexts: boolean;
}

const texts = (name: string, path = `/${name}`): Screen => ({ name, path, showsTexts: true });
const own = (name: string, path = `/${name}`): Screen => ({ name, path, showsTexts: false });

/** Those that show most of what is stored. */
export function mainScreens({ workflow, run, failed, base, approvalLink }: Stored): readonly Screen[] {
  return [
    texts("workflows"),
    texts("editor", `/workflows/${workflow}/edit`),
    texts("api", `/workflows/${workflow}/api`),
    texts("versions", `/workflows/${workflow}/versions`),
    texts("runs"),
    texts("run", `/runs/${run}`),
    texts("values", `/runs/${run}?tab=values`),
    texts("run that failed", `/runs/${failed}`),
    texts("approvals"),
    texts("knowledge base", `/knowledge/${base}`),
    texts("keys"),
    texts("a link to an approval", approvalLink),
  ];
}

export function otherScreens({ run, failed, workflow }: Stored): readonly Screen[] {
  return [
    texts("home", "/"),
    texts("comparison", `/runs/compare?a=${run}&b=${failed}`),
    texts("knowledge"),
    texts("members"),
    texts("audit"),
    texts("draft against live", `/workflows/${workflow}/versions?from=1.0.0&to=draft`),
    own("usage"),
    own("webhooks"),
    own("alerts"),
    own("connections"),
    own("system"),
    own("error", "/errors/llm_auth"),
  ];
}
