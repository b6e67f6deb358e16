import type { Product } from "../gateway/action";
import { bssData } from "../gateway/envelopes";
import { ApiError } from "../gateway/errors";
import { CreateInstance, QueryAvailableInstances, RefundInstance } from "./subscriptions";

/** Billing: instances of the registry are bought and given back here. */
export const bssopenapi: Product = {
  name: "bssopenapi",
  version: "2017-12-14",
  actions: { CreateInstance, QueryAvailableInstances, RefundInstance },
  jobs: [],
  envelope: bssData,
  denied: () => new ApiError(403, "NotAuthorized", "This API is not authorized for caller."),
};
