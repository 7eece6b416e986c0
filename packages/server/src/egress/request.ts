import type { EgressResponse } from "@millrace/nodes";
import type { Pool } from "undici";
import { ConnectError } from "#egress/connect";
import { startDeadline } from "#egress/deadline";
import { decodeBody, decodeStream } from "#egress/decode";
import { exchange, type WireAnswer, type WireRequest } from "#egress/exchange";
import { type HeaderFields, hasHeader } from "#egress/headers";
import { MAX_ADDRESSES_TRIED } from "#egress/limits";
import { type ByteStream, openExchange, type WireStream } from "#egress/open-exchange";
import { judgeHost, type Policy } from "#egress/policy";
import type { Pools } from "#egress/pools";
import { type GuardedRequest, type OpenRequest, prepareBounds, prepareHop, prepareIdle } from "#egress/prepare";
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

/** An answer whose body has not come yet. It is to be read to its end or given up by `return`; else it is held until the time is up. */
export interface OpenResponse extends Omit<EgressResponse, "body"> {
  /** Decoded bytes as they come. Rejects as a request does. */
  readonly body: ByteStream;
}

/** Checks, connects, sends, follows redirects, collects, decodes. */
export async function sendRequest(way: Way, request: GuardedRequest): Promise<EgressResponse> {
  const hop = prepareHop(request);
  const bounds = prepareBounds(request);
  const deadline = startDeadline(bounds.timeoutMs, request.signal);
  const onHead = (status: number, headers: WireAnswer["headers"]) => request.onHead?.(status, joinHeaders(headers));
  const send: Send<WireAnswer> = (pool, wire) => exchange(pool, wire, { ...bounds, onHead }, deadline.signal);
  try {
    const sending = { maxRedirects: bounds.maxRedirects, watch: request.watch, defaults: COLLECTED, send };
    const { answer, url } = await deadline.race(followRedirects(way, hop, sending));
    const headers = joinHeaders(answer.headers);
    const body = bounds.cutsBody ? answer.body : await deadline.race(decodeBody(answer.body, codingOf(headers), bounds.maxBytes));
    return { status: answer.status, headers, body, url };
  } finally {
    deadline.stop();
  }
}

/** The same, and answers as soon as the head is there. */
export async function openRequest(way: Way, request: OpenRequest): Promise<OpenResponse> {
  const hop = prepareHop(request);
  const bounds = prepareBounds(request);
  const deadline = startDeadline(bounds.timeoutMs, request.signal, prepareIdle(request));
  const reading = { maxBytes: bounds.maxBytes, whileSilent: deadline.whileSilent };
  const send: Send<WireStream> = (pool, wire) => openExchange(pool, wire, reading, deadline.signal);
  try {
    const sending = { maxRedirects: bounds.maxRedirects, watch: request.watch, defaults: STREAMED, send };
    const { answer, url } = await deadline.race(followRedirects(way, hop, sending));
    void answer.body.ended.then(() => deadline.stop());
    const headers = joinHeaders(answer.headers);
    return { status: answer.status, headers, url, body: await decodeStream(answer.body, codingOf(headers), bounds.maxBytes) };
  } catch (error) {
    deadline.stop();
    throw error;
  }
}

type Send<Answer> = (pool: Pool, wire: WireRequest) => Promise<Answer>;

interface Sending<Answer> {
  readonly maxRedirects: number;
  readonly watch: RequestWatch | undefined;
  /** Headers for a request that has none of their names. */
  readonly defaults: HeaderFields;
  readonly send: Send<Answer>;
}

const COLLECTED: HeaderFields = [["accept-encoding", "gzip, deflate, br"]];

/** What is compressed comes in larger pieces, and later. */
const STREAMED: HeaderFields = [["accept-encoding", "identity"]];

interface Followed<Answer> {
  readonly answer: Answer;
  /** That answered. */
  readonly url: string;
}

async function followRedirects<Answer extends WireAnswer | WireStream>(
  way: Way,
  first: Hop,
  sending: Sending<Answer>,
): Promise<Followed<Answer>> {
  const { maxRedirects } = sending;
  let hop = first;
  let answer = await watchedHop(way, hop, sending, 0);
  for (let followed = 0; maxRedirects > 0 && isRedirect(answer); followed++) {
    // What a redirect says beside where to go is not read.
    if (!(answer.body instanceof Uint8Array)) await answer.body.return();
    if (followed === maxRedirects) {
      throw egressDenied({ rule: 8, reason: `The answer is one more redirect after ${maxRedirects}; call the final URL directly.` });
    }
    hop = nextHop(hop, answer);
    answer = await watchedHop(way, hop, sending, followed + 1);
  }
  return { answer, url: hop.target.href };
}

/** The hop, told to whoever watches. What the caller set as `traceparent` stays. */
async function watchedHop<Answer extends WireAnswer | WireStream>(
  way: Way,
  hop: Hop,
  sending: Sending<Answer>,
  resends: number,
): Promise<Answer> {
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
async function sendHop<Answer>(way: Way, hop: Hop, { defaults, send }: Sending<Answer>): Promise<Answer> {
  const refusal = judgeHost(hop.target, way.policy);
  if (refusal !== null) throw egressDenied(refusal);
  const addresses = await way.resolve(hop.target);
  // Open sockets first: a name whose answers rotate would otherwise open a set of them for each address.
  const ordered = addresses.toSorted((a, b) => Number(way.pools.has(hop.target, b)) - Number(way.pools.has(hop.target, a)));
  const wire = toWire(hop, [["user-agent", way.userAgent], ...defaults]);
  let failure: Error | undefined;
  for (const address of ordered.slice(0, MAX_ADDRESSES_TRIED)) {
    try {
      return await way.pools.use(hop.target, address, (pool) => send(pool, wire));
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error;
      failure = error.failure;
      if (!error.triesNext) break;
    }
  }
  throw failure;
}

function toWire(hop: Hop, defaults: HeaderFields): WireRequest {
  const secret = hop.credential?.headers ?? [];
  // A credential wins over a header of the same name: two of them would let the receiver choose.
  const fields = [...hop.fields.filter(([name]) => !hasHeader(secret, name.toLowerCase())), ...secret];
  const all = [...fields, ...defaults.filter(([name]) => !hasHeader(fields, name))];
  return { method: hop.method, path: requestPath(hop), headers: all.flat(), body: hop.body };
}

function codingOf(headers: EgressResponse["headers"]): string {
  return headers["content-encoding"] ?? "";
}

/** No prototype: a header may be called `constructor`, and asking for an absent one must give undefined. */
function joinHeaders(headers: WireAnswer["headers"]): Record<string, string> {
  const joined: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) joined[name] = typeof value === "string" ? value : value.join(", ");
  }
  return joined;
}
