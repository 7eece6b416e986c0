import { setTimeout as sleep } from "node:timers/promises";
import { type DocumentView, shellWord } from "@millrace/contract";
import { CliError } from "#cli/cli-error";
import { call, segment } from "#cli/client";
import type { CliContext } from "#cli/context";
import { EXIT } from "#cli/exit-codes";

/** Small documents are seen at once, large ones do not keep the server busy. */
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1_000;
const PAUSE_GROWTH = 1.5;

/** The document once it is indexed or failed. `until`: of performance.now(). Exit 8 when that is over. */
export async function waitForDocument(context: CliContext, base: string, { id, name }: DocumentView, until: number): Promise<DocumentView> {
  const path = `/api/v1/knowledge/${segment(base)}/documents/${id}`;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * PAUSE_GROWTH)) {
    const document = (await call(context, "GET", path)).json as DocumentView;
    if (document.state !== "waiting") return document;
    const left = until - performance.now();
    if (left <= 0)
      throw new CliError("wait_timeout", `${name} is not indexed yet; it goes on`, EXIT.timeout, {
        hint: `millrace knowledge status ${shellWord(base)}`,
      });
    await sleep(Math.min(pauseMs, left));
  }
}
