/** Where a product is called: host, protocol and the certificates to trust. */
import { readFileSync } from "node:fs";
import { type ProductName, products } from "./operations";

export type Protocol = "HTTP" | "HTTPS";

export interface EndpointSettings {
  /** Region id, such as `cn-hangzhou`. */
  region: string;
  /** Protocol of the RPC products. @default "HTTPS" */
  protocol?: Protocol;
  /** Product -> `host` or `host:port`. */
  endpoints?: Readonly<Record<string, string>>;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Host of a product: the provider's own setting, then the variables that the alicloud provider knows
 * (`ALIBABA_CLOUD_ENDPOINT_<PRODUCT>`, `<PRODUCT>_ENDPOINT`), then `<product>.<region>.aliyuncs.com`.
 */
export function endpointOf(product: ProductName, settings: EndpointSettings, env: Environment): string {
  const upper = product.toUpperCase();
  const host =
    settings.endpoints?.[product] ||
    env[`ALIBABA_CLOUD_ENDPOINT_${upper}`] ||
    env[`${upper}_ENDPOINT`] ||
    `${product}.${settings.region}.aliyuncs.com`;
  return host.replace(/^https?:\/\//, "").replace(/\/+$/, "");
}

export function protocolOf(product: ProductName, settings: EndpointSettings): Protocol {
  const always = "alwaysHttps" in products[product];
  return always ? "HTTPS" : (settings.protocol ?? "HTTPS");
}

/**
 * The certificate authorities of `SSL_CERT_FILE` and `NODE_EXTRA_CA_CERTS`; undefined when Node's own are to be used.
 * Programs written in Go, like the other providers of a stack, honour `SSL_CERT_FILE`; Node doesn't, so that a company's
 * own authority would be trusted by all of them but this one.
 */
export function trustedCertificates(env: Environment): string | undefined {
  if (!env["SSL_CERT_FILE"]) return undefined;
  const files = [env["SSL_CERT_FILE"], env["NODE_EXTRA_CA_CERTS"]].filter(
    (file) => file !== undefined && file !== "",
  );
  return files.map((file) => readFileSync(file as string, "utf8")).join("\n");
}
