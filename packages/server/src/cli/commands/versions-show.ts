import type { JsonObject, VersionView } from "@millrace/contract";
import type { Action } from "#cli/command";
import { readVersion } from "#cli/read-version";
import { aligned } from "#cli/table";

export const run: Action = async (context, given) => {
  const view = await readVersion(context, given.argument(0), given.arguments[1]);
  await context.output.data(view, {
    rows: [{ version: view.version, hash: view.hash }],
    names: [view.version],
    table: aligned(factsOf(view)),
  });
};

function factsOf({ version, live, note, createdAt, hash, document }: VersionView): string[][] {
  const { name, nodes } = document as JsonObject;
  const listed = (Array.isArray(nodes) ? (nodes as JsonObject[]) : []).map(({ id, type }) => `${id} (${type})`);
  return [
    ["workflow", String(name)],
    ["version", live ? `${version} (live)` : version],
    ["published", new Date(createdAt).toISOString()],
    ...(note === undefined ? [] : [["note", note]]),
    ["hash", hash],
    ["nodes", listed.join(", ")],
  ];
}
