import { definePure } from "#kit/executor";
import { spec } from "#signal/spec";

interface Config {
  readonly signal: string;
}

export const executor = definePure<Config>(spec, ({ signal }) => ({ verb: "wait", signal }));
