import type { Egress, EgressResponse } from "@millrace/nodes";
import type { Slices } from "#runtime/slices";

/**
 * Answers that come in one turn of the event loop are handed on in slices of the thread's time: what a node and its run make of a hundred of them
 * would keep everybody else waiting.
 */
export function pacedEgress(egress: Egress, slices: Slices, group: string): Egress {
  return {
    request: async (request) => {
      const answer = await egress.request(request);
      return slices.isOver() ? new Promise<EgressResponse>((resolve) => slices.putOff(group, () => resolve(answer))) : answer;
    },
  };
}
