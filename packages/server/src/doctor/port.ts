import type { Check } from "#doctor/check";

/** The port is ours, or free. */
export const checkPort: Check = async ({ askServer, isFree, settings: { host, port } }) => {
  if (askServer !== null || (await isFree(host, port))) return null;
  return { problem: `port ${port} of ${host} is taken by another program`, fix: "end it, or set MILLRACE_PORT" };
};
