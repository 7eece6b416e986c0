import type { JsonObject, VersionView } from "@millrace/contract";
import type { Action } from "#cli/command";
import { readVersion } from "#cli/read-version";
import { aligned } from "#cli/table";
import { runFacts } from "#cli/version-facts";

export const run: Action = async (context, given) => {
  const view = await readVersion(context, given.argument(0), given.arguments[1], { stats: true });
  await context.output.data(view, {
    rows: [{ version: view.version, hash: view.hash }],
    names: [view.version],
    table: aligned(factsOf(view)),
  });
};

function factsOf(view: VersionView): string[][] {
  const { version, live, note, createdAt, createdBy, releasedAt, hash, document } = view;
  const { runs, failed } = runFacts(view);
  const { name, nodes } = document as JsonObject;
  const listed = (Array.isArray(nodes) ? (nodes as JsonObject[]) : []).map(({ id, type }) => `${id} (${type})`);
  return [
    ["workflow", String(name)],
    ["version", live ? `${version} (live)` : version],
    releasedAt === undefined
      ? ["made", `${new Date(createdAt).toISOString()}, never live`]
      : ["published", new Date(createdAt).toISOString()],
    ...(note === undefined ? [] : [["note", note]]),
    ...(createdBy === undefined ? [] : [["by", createdBy.name]]),
    ...(runs === "" ? [] : [["runs", failed === "" ? runs : `${runs}, ${failed} failed`]]),
    ["hash", hash],
    ["nodes", listed.join(", ")],
  ];
}
