import type { Check } from "#doctor/check";
import { parseAllowList } from "#egress/egress";

export const checkEgress: Check = ({ settings: { egressAllow } }) => {
  try {
    parseAllowList(egressAllow);
    return null;
  } catch (error) {
    return { problem: (error as Error).message, fix: "correct MILLRACE_EGRESS_ALLOW" };
  }
};
