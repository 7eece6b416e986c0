import { spec } from "#continue/spec";
import { definePure } from "#kit/executor";

export const executor = definePure(spec, () => ({ verb: "leave", how: "continue" }));
