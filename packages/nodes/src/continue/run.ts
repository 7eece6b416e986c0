import { definePure } from "#kit/executor";
import { spec } from "#continue/spec";

export const executor = definePure(spec, () => ({ verb: "leave", how: "continue" }));
