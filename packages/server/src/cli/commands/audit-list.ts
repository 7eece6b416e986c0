import type { AuditView } from "@millrace/contract";
import type { Action } from "#cli/command";
import { listRows } from "#cli/pages";
import { sinceMs } from "#cli/since";

export const run: Action = async (context, given) => {
  const since = given.text("since");
  const page = await listRows<AuditView>(context, given, "/api/v1/audit", {
    actor: given.text("actor"),
    action: given.text("action"),
    target: given.text("target"),
    result: given.text("result"),
    since: since === undefined ? undefined : String(sinceMs(since, Date.now())),
  });
  await context.output.data(page, { rows: page.data.map(rowOf), names: page.data.map(({ id }) => id) });
};

function rowOf({ at, actor, action, targets, address, result }: AuditView) {
  return {
    at: new Date(at).toISOString().slice(0, 19).replace("T", " "),
    who: `${actor.kind}${actor.name === undefined ? "" : ` ${actor.name}`}`,
    action,
    targets: Object.entries(targets)
      .map(([kind, id]) => `${kind} ${id}`)
      .join(", "),
    from: address,
    result,
  };
}
