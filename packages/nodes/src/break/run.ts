import { spec } from "#break/spec";
import { definePure } from "#kit/executor";

export const executor = definePure(spec, () => ({ verb: "leave", how: "break" }));
