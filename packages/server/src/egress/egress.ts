import type { Socket } from "node:net";
import type { Egress, EgressResponse } from "@millrace/nodes";
import { type AllowList, parseAllowList } from "#egress/allow-list";
import { type Dial, dialTcp } from "#egress/dial";
import { createOwnAddresses, type OwnAddresses } from "#egress/own-addresses";
import { judgeHost, type Policy } from "#egress/policy";
import { createPools } from "#egress/pools";
import type { GuardedRequest, OpenRequest } from "#egress/prepare";
import { connectRaw, type RawTarget } from "#egress/raw-connection";
import type { Refusal } from "#egress/refusal";
import { type OpenResponse, openRequest, sendRequest } from "#egress/request";
import { createResolveTarget, createSystemResolver, type Resolver } from "#egress/resolve";
import { isRefusal, parseTarget } from "#egress/target";

export { type AllowList, AllowListError, parseAllowList } from "#egress/allow-list";
export type { GuardedRequest, OpenRequest } from "#egress/prepare";
export type { RawTarget } from "#egress/raw-connection";
export type { Refusal } from "#egress/refusal";
export type { OpenResponse } from "#egress/request";
export type { Resolver } from "#egress/resolve";
export type { RequestWatch } from "#egress/watch";

/** The server's only way out: no other module opens outgoing sockets or resolves names. */
export interface EgressGuard extends Egress {
  /**
   * Non-2xx statuses are answers; `Retry-After` is the caller's to read. Headers are as sent, the body is decoded.
   * @throws TerminalError `egress_denied` (refused target), `type_error` (method, header or bound), `http_too_large`, `cancelled`;
   * RetryableError `http_network`, `http_timeout`. A signal whose reason is one of these two classes throws that reason.
   */
  request(request: GuardedRequest): Promise<EgressResponse>;
  /** The same for an answer that is read while it comes: resolves with its head. Its body rejects with the same errors. */
  open(request: OpenRequest): Promise<OpenResponse>;
  /** A bare connection for a protocol that is no HTTP, under the same rules; whoever asked for it closes it. */
  connect(target: RawTarget): Promise<Socket>;
  /** The verdict that needs no resolver; null for a name that may still resolve to a refused address. */
  checkUrl(url: string): Refusal | null;
  /** Ends all requests with `http_network` and closes all sockets. */
  close(): Promise<void>;
}

export interface EgressOptions {
  /** `MILLRACE_EGRESS_ALLOW`. Default: nothing beyond public addresses. */
  readonly allow?: string;
  /** Of Millrace, for the default `User-Agent`. */
  readonly version?: string;
  readonly resolver?: Resolver;
  readonly dial?: Dial;
  readonly ownAddresses?: OwnAddresses;
  /** PEM certificates to trust instead of the system's. */
  readonly trust?: string;
}

/** @throws AllowListError */
export function createEgress(options: EgressOptions = {}): EgressGuard {
  const policy = createPolicy(parseAllowList(options.allow ?? ""), options.ownAddresses);
  const dial = options.dial ?? dialTcp;
  const pools = createPools(dial, options.trust);
  const resolve = createResolveTarget(options.resolver ?? createSystemResolver(), policy);
  const userAgent = options.version === undefined ? "Millrace" : `Millrace/${options.version}`;
  const way = { policy, resolve, pools, userAgent };
  return {
    request: (request) => sendRequest(way, request),
    open: (request) => openRequest(way, request),
    connect: (target) => connectRaw({ policy, resolve, dial }, target),
    checkUrl: (url) => judgeUrl(url, policy),
    close: () => pools.close(),
  };
}

/** For URLs that are stored now and called later (webhooks of an invoke): resolves nothing, so it holds no socket and takes no time. */
export function checkLiteralUrl(url: string, allow: AllowList): Refusal | null {
  return judgeUrl(url, createPolicy(allow, undefined));
}

function createPolicy(allow: AllowList, ownAddresses: OwnAddresses | undefined): Policy {
  return { allow, ownAddresses: ownAddresses ?? createOwnAddresses() };
}

function judgeUrl(url: string, policy: Policy): Refusal | null {
  const target = parseTarget(url);
  return isRefusal(target) ? target : judgeHost(target, policy);
}
