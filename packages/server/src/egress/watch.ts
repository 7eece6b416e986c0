import type { Target } from "#egress/target";

/** One request on the wire: the first, or one that a redirect brought about. */
export interface Exchange {
  readonly method: string;
  readonly target: Target;
  /** True for a text that shows something secret of the caller's. */
  shows(text: string): boolean;
  /** Exchanges of the same request before it. */
  readonly resends: number;
}

/** Told how an exchange goes; exactly one of the two, once. */
export interface ExchangeWatch {
  /** Value of the header of this name, which is sent unless the request has one of its own. */
  readonly traceparent: string;
  answered(status: number): void;
  failed(error: unknown): void;
}

/** Watches the exchanges of one request. */
export interface RequestWatch {
  begin(exchange: Exchange): ExchangeWatch;
}
