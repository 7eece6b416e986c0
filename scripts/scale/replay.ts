import { forcedReplay } from "../../packages/server/test/restate/replays.ts";
import { say } from "./say.ts";

/** Random graphs on an engine that forgets their runs at each wait. */
export async function replay(graphs = 500, first = Math.floor(Math.random() * 2 ** 31)): Promise<boolean> {
  say(`seeds from ${first} on`);
  const began = performance.now();
  let ended = 0;
  const { lives, entries, mismatches } = await forcedReplay(graphs, first, () => {
    ended += 1;
    if (ended % 50 === 0) say(`${ended} graphs, ${Math.round((performance.now() - began) / 1_000)} s`);
  });
  for (const mismatch of mismatches) say(mismatch);
  say(`${graphs} graphs in ${lives} lives, ${mismatches.length} mismatches; ${entries} entries`);
  return mismatches.length === 0 && lives > graphs;
}
