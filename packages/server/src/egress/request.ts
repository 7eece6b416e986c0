import type { EgressResponse } from "@millrace/nodes";
import { ConnectError } from "#egress/connect";
import { type Deadline, startDeadline } from "#egress/deadline";
import { decodeBody } from "#egress/decode";
import { exchange, type WireAnswer, type WireRequest } from "#egress/exchange";
import { hasHeader } from "#egress/headers";
import { MAX_ADDRESSES_TRIED } from "#egress/limits";
import { judgeHost, type Policy } from "#egress/policy";
import type { Pools } from "#egress/pools";
import { type Bounds, type GuardedRequest, type OnHead, prepareBounds, prepareHop } from "#egress/prepare";
import { type Hop, isRedirect, nextHop, requestPath } from "#egress/redirect";
import { egressDenied } from "#egress/refusal";
import type { ResolveTarget } from "#egress/resolve";
import type { RequestWatch } from "#egress/watch";

/** What one egress holds for all of its requests. */
export interface Way {
  readonly policy: Policy;
  readonly resolve: ResolveTarget;
  readonly pools: Pools;
  readonly userAgent: string;
}

/** The one entry: checks, connects, sends, follows redirects, decodes. */
export async function sendRequest(way: Way, request: GuardedRequest): Promise<EgressResponse> {
  const hop = prepareHop(request);
  const bounds = prepareBounds(request);
  const deadline = startDeadline(bounds.timeoutMs, request.signal);
  try {
    return await deadline.race(followRedirects(way, hop, { bounds, deadline, onHead: request.onHead, watch: request.watch }));
  } finally {
    deadline.stop();
  }
}

interface Sending {
  readonly bounds: Bounds;
  readonly deadline: Deadline;
  readonly onHead: OnHead | undefined;
  readonly watch: RequestWatch | undefined;
}

async function followRedirects(way: Way, first: Hop, sending: Sending): Promise<EgressResponse> {
  const { bounds } = sending;
  let hop = first;
  let answer = await watchedHop(way, hop, sending, 0);
  for (let followed = 0; bounds.maxRedirects > 0 && isRedirect(answer); followed++) {
    if (followed === bounds.maxRedirects) {
      throw egressDenied({ rule: 8, reason: `The answer is one more redirect after ${bounds.maxRedirects}; call the final URL directly.` });
    }
    hop = nextHop(hop, answer);
    answer = await watchedHop(way, hop, sending, followed + 1);
  }
  const headers = joinHeaders(answer.headers);
  const body = bounds.cutsBody ? answer.body : await decodeBody(answer.body, headers["content-encoding"] ?? "", bounds.maxBytes);
  return { status: answer.status, headers, body, url: hop.target.href };
}

/** The hop, told to whoever watches. What the caller set as `traceparent` stays. */
async function watchedHop(way: Way, hop: Hop, sending: Sending, resends: number): Promise<WireAnswer> {
  const watched = sending.watch?.begin({ method: hop.method, target: hop.target, shows: hop.shows ?? (() => false), resends });
  if (!watched) return sendHop(way, hop, sending);
  const fields = hasHeader(hop.fields, "traceparent") ? hop.fields : [...hop.fields, ["traceparent", watched.traceparent] as const];
  try {
    const answer = await sendHop(way, { ...hop, fields }, sending);
    watched.answered(answer.status);
    return answer;
  } catch (error) {
    watched.failed(error);
    throw error;
  }
}

/** Every hop passes all rules anew, name resolution included. */
async function sendHop(way: Way, hop: Hop, { bounds, deadline, onHead }: Sending): Promise<WireAnswer> {
  const refusal = judgeHost(hop.target, way.policy);
  if (refusal !== null) throw egressDenied(refusal);
  const addresses = await way.resolve(hop.target);
  // Open sockets first: a name whose answers rotate would otherwise open a set of them for each address.
  const ordered = addresses.toSorted((a, b) => Number(way.pools.has(hop.target, b)) - Number(way.pools.has(hop.target, a)));
  const wire = toWire(hop, way.userAgent);
  const reading = {
    ...bounds,
    onHead: (status: number, headers: WireAnswer["headers"]) => onHead?.(status, joinHeaders(headers)),
  };
  let failure: Error | undefined;
  for (const address of ordered.slice(0, MAX_ADDRESSES_TRIED)) {
    try {
      return await way.pools.use(hop.target, address, (pool) => exchange(pool, wire, reading, deadline.signal));
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error;
      failure = error.failure;
      if (!error.triesNext) break;
    }
  }
  throw failure;
}

function toWire(hop: Hop, userAgent: string): WireRequest {
  const secret = hop.credential?.headers ?? [];
  // A credential wins over a header of the same name: two of them would let the receiver choose.
  const fields = [...hop.fields.filter(([name]) => !hasHeader(secret, name.toLowerCase())), ...secret];
  const defaults = [["user-agent", userAgent] as const, ["accept-encoding", "gzip, deflate, br"] as const];
  const all = [...fields, ...defaults.filter(([name]) => !hasHeader(fields, name))];
  return { method: hop.method, path: requestPath(hop), headers: all.flat(), body: hop.body };
}

/** No prototype: a header may be called `constructor`, and asking for an absent one must give undefined. */
function joinHeaders(headers: WireAnswer["headers"]): Record<string, string> {
  const joined: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) joined[name] = typeof value === "string" ? value : value.join(", ");
  }
  return joined;
}
