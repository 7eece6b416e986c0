// L56: the first five minutes of a persona, as a script, on the built package: `npm run five-minutes -- developer`. Each step prints the second at which a
// person comes to it, the seconds that the machine took, and what was seen; it fails where that is not what must be.
import { BUDGET_S as BUILDER_S, builder } from "./five-minutes/builder.ts";
import { BUDGET_S as DEVELOPER_S, developer } from "./five-minutes/developer.ts";
import { BUDGET_S as INTEGRATOR_S, integrator } from "./five-minutes/integrator.ts";
import { BUDGET_S as OPERATOR_S, operator } from "./five-minutes/operator.ts";
import { BUDGET_S as PACKED_S, packed } from "./five-minutes/packed.ts";
import { BUDGET_S as QUIET_S, quiet } from "./five-minutes/quiet.ts";
import { BUDGET_S as REPOSITORY_S, repository } from "./five-minutes/repository.ts";
import { beginWalk, type Walk } from "./five-minutes/walk.ts";

const PERSONAS: { readonly [name: string]: { readonly act: (walk: Walk) => Promise<void>; readonly budgetS: number } } = {
  integrator: { act: integrator, budgetS: INTEGRATOR_S },
  builder: { act: builder, budgetS: BUILDER_S },
  operator: { act: operator, budgetS: OPERATOR_S },
  developer: { act: developer, budgetS: DEVELOPER_S },
  packed: { act: packed, budgetS: PACKED_S },
  repository: { act: repository, budgetS: REPOSITORY_S },
  quiet: { act: quiet, budgetS: QUIET_S },
};

const named = process.argv.slice(2);
const unknown = named.filter((name) => !Object.hasOwn(PERSONAS, name));
if (unknown.length > 0) {
  console.error(`no persona ${unknown.join(", ")}: ${Object.keys(PERSONAS).join(", ")}`);
  process.exit(2);
}
for (const [name, { act, budgetS }] of Object.entries(PERSONAS)) {
  if (named.length > 0 && !named.includes(name)) continue;
  console.log(`${name}: ${budgetS} s with a person's pauses`);
  const walk = beginWalk();
  try {
    await act(walk);
    console.log(`     ${walk.seconds.toFixed(1)} s of the machine\n`);
    if (walk.seconds > budgetS) process.exitCode = 1;
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  }
}
