import type { Json } from "@millrace/contract";
import { spec } from "#delay/spec";
import { definePure } from "#kit/executor";
import { momentOf } from "#kit/moment";

interface Config {
  readonly until?: Json;
  readonly forMs?: number;
}

export const executor = definePure<Config>(spec, ({ until, forMs }) =>
  forMs === undefined ? { verb: "wait", until: momentOf("until", until ?? null) } : { verb: "wait", forMs },
);
