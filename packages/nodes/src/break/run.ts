import { definePure } from "#kit/executor";
import { spec } from "#break/spec";

export const executor = definePure(spec, () => ({ verb: "leave", how: "break" }));
