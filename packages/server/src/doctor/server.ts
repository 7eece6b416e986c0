import type { Check } from "#doctor/check";

/** Whoever serves this data directory now, where anybody does: it knows best what keeps it from its work. */
export const checkServer: Check = async ({ askServer }) => {
  const reason = askServer === null ? null : await askServer();
  return reason === null ? null : { problem: reason.replace(/\.$/, ""), fix: "read its log" };
};
