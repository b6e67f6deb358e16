import { action, type Product } from "../gateway/action";
import { plain } from "../gateway/envelopes";
import { ApiError } from "../gateway/errors";
import { required, text } from "../gateway/parameters";

/** Service codes of the products served here; those that insist on HTTPS get the other address. */
const services: Record<string, "http" | "https"> = {
  acr: "http",
  cr: "http",
  adcp: "http",
  bssopenapi: "http",
  cs: "https",
};

/** Clients that were given no endpoint ask here for one. */
export const DescribeEndpoints = action(
  { Id: required(text()), ServiceCode: required(text()), Type: text(), Password: text(), Namespace: text() },
  ({ Id, ServiceCode }, cloud) => {
    const scheme = services[ServiceCode];
    if (!scheme || Id !== cloud.region) {
      throw new ApiError(404, "InvalidServiceCode", `${ServiceCode} has no endpoint in ${Id}.`);
    }
    return {
      Success: true,
      Endpoints: {
        Endpoint: [
          {
            Id,
            ServiceCode,
            SerivceCode: ServiceCode,
            Type: "openAPI",
            Namespace: "",
            Endpoint: cloud.address[scheme],
            Protocols: { Protocols: [scheme === "http" ? "HTTP" : "HTTPS"] },
          },
        ],
      },
    };
  },
);

export const location: Product = {
  name: "location",
  version: "2015-06-12",
  actions: { DescribeEndpoints },
  jobs: [],
  envelope: plain,
  denied: () => new ApiError(403, "Forbidden", "User not authorized to operate on the specified resource."),
};
