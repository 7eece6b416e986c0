import type { Socket } from "node:net";
import { ConnectError, createConnect } from "#egress/connect";
import type { Dial } from "#egress/dial";
import { MAX_ADDRESSES_TRIED } from "#egress/limits";
import { judgeHost, type Policy } from "#egress/policy";
import { egressDenied } from "#egress/refusal";
import type { ResolveTarget } from "#egress/resolve";
import { isRefusal, parseTarget } from "#egress/target";

export interface RawTarget {
  /** A name, or an address; of IPv6 in brackets. */
  readonly host: string;
  readonly port: number;
  readonly signal: AbortSignal;
}

/** A bare connection for a protocol that is no HTTP, to an address that the rules for requests allow. Rejects as a request does. */
export async function connectRaw(
  { policy, resolve, dial }: { readonly policy: Policy; readonly resolve: ResolveTarget; readonly dial: Dial },
  { host, port, signal }: RawTarget,
): Promise<Socket> {
  const target = parseTarget(`http://${host}:${port}/`);
  const refusal = isRefusal(target) ? target : judgeHost(target, policy);
  if (refusal || isRefusal(target)) throw egressDenied(refusal ?? { rule: 1, reason: "The host is not valid." });
  const addresses = (await resolve(target)).slice(0, MAX_ADDRESSES_TRIED);
  let failure: Error = new Error("unreachable");
  for (const address of addresses) {
    try {
      return await createConnect(target, address, dial, undefined)(signal);
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error;
      failure = error.failure;
      if (!error.triesNext) break;
    }
  }
  throw failure;
}
