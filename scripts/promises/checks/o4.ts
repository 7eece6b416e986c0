import { LIMITS } from "@millrace/contract";
import { type Check, type Effort, Tally } from "../frame/check.ts";
import { type LargeThing, largeThings, startSpout } from "../harness/large-things.ts";
import { LIMIT_ROWS, LIMIT_SETTINGS, type LimitRow, limited, type Subject } from "../harness/limit-rows.ts";
import { withMillrace } from "../harness/millrace.ts";
import { invoke } from "../harness/runs.ts";

/** Of the process that answers; what is large lies outside of it or is refused. */
const HEAP = { NODE_OPTIONS: "--max-old-space-size=512" };

const ROUNDS = { change: 1, long: 20 };

export const o4: Check = {
  id: "O4",
  property: "Whatever is larger than a limit is an error that names the limit, and no size of anything ends the server",
  run: async ({ long }: Effort) => {
    const limits = new Tally();
    const large = new Tally();
    const deaths = new Tally();
    const spout = await startSpout();
    for (let round = 0; round < (long ? ROUNDS.long : ROUNDS.change); round++) {
      await withMillrace({ ...HEAP, ...LIMIT_SETTINGS }, async (server) => {
        const { key } = await server.publish(limited);
        for (const row of LIMIT_ROWS) await tryRow({ server, key }, row, limits);
        const { status } = await server.call("GET", "/healthz");
        deaths.add(status === 200 ? null : `after the limits: ${status}`);
      });
      await withMillrace({ ...HEAP, MILLRACE_EGRESS_ALLOW: `127.0.0.1:${spout.port}` }, async (server) => {
        for (const thing of largeThings(spout.port)) {
          const { key } = await server.publish(thing.document);
          const answer = await invoke(server, key, { input: {} });
          large.add(largeFault(thing, answer.text));
          deaths.add((await server.call("GET", "/healthz")).status === 200 ? null : `after ${thing.name}`);
        }
      });
    }
    await spout.close();
    return {
      counts: [
        limits.count("taken beyond it, refused within it, or refused without its number", "sizes at a limit"),
        large.count("without an error that names a limit", "things far too large"),
        deaths.count("ended the server", "looks at a server with a heap of 512 MiB"),
      ],
      facts: { limits: LIMIT_ROWS.length },
      failures: [...limits.failures, ...large.failures, ...deaths.failures],
    };
  },
};

let fresh = 0;

/** One below the limit, at it, and one beyond. */
async function tryRow(subject: Subject, row: LimitRow, tally: Tally): Promise<void> {
  const limit = row.value ?? LIMITS[row.limit].value;
  const within = row.within ?? (({ status }) => status === 200 || status === 201);
  for (const size of [limit - 1, limit, limit + 1]) {
    const answer = await row.ask(subject, size, fresh++);
    const isWithin = row.least ? size >= limit : size <= limit;
    const said = answer.text.includes(row.says ?? `${limit}`);
    const kept = isWithin ? within(answer) : !within(answer) && answer.status < 500 && said;
    tally.add(kept ? null : `${row.limit} at ${size}: ${answer.status} ${answer.text.slice(0, 200)}`);
  }
}

function largeFault({ name, says }: LargeThing, text: string): string | null {
  return says.test(text) ? null : `${name}: ${text.slice(-300)}`;
}
