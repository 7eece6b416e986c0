import type { Json } from "@millrace/contract";
import { definePure } from "#kit/executor";
import { spec } from "#next/spec";

export const executor = definePure<{ readonly output?: Json }>(spec, ({ output }) => ({
  verb: "leave",
  how: "next",
  ...(output !== undefined && { output }),
}));
