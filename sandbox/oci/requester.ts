import type { Answer, NamedRequest } from "../network/request";

/** Sends requests to public host names; `Network` is one. */
export interface Requester {
  request(address: string, options?: NamedRequest): Promise<Answer>;
}
