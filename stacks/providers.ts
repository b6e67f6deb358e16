/**
 * The provider of this project's own resources. It is given what the alicloud provider reads by itself, so that one set
 * of keys configures both, and whatever is missing comes from the default credential chain.
 */
import * as pulumi from "@pulumi/pulumi";
import { Provider } from "../provider";

/** Host by product, as in `alicloud:endpoints`. */
type Endpoints = Record<string, string>;

export function ackoneProvider(): Provider {
  const alicloud = new pulumi.Config("alicloud");
  return new Provider("ackone", {
    region: alicloud.require("region"),
    accessKey: alicloud.getSecret("accessKey"),
    secretKey: alicloud.getSecret("secretKey"),
    securityToken: alicloud.getSecret("securityToken"),
    protocol: alicloud.get<"HTTP" | "HTTPS">("protocol"),
    endpoints: alicloud.getObject<Endpoints[]>("endpoints")?.[0],
  });
}
