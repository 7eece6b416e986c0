import type { Check } from "#cli/doctor/check";
import { isFree } from "#cli/serve/ports";

/** The port is ours, or free. */
export const checkPort: Check = async ({ running, settings: { host, port } }) => {
  if (running !== null || (await isFree(host, port))) return null;
  return { problem: `port ${port} of ${host} is taken by another program`, fix: "end it, or set MILLRACE_PORT" };
};
