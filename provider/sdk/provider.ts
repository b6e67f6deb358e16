import * as pulumi from "@pulumi/pulumi";

/** Product -> `host` or `host:port`. Entries of other products are left alone, so that `alicloud:endpoints` can be passed on. */
export type Endpoints = Partial<Record<"cr" | "adcp" | "cs" | (string & {}), pulumi.Input<string>>>;

export interface ProviderArgs {
  /**
   * Region id.
   *
   * @default the environment: ALIBABA_CLOUD_REGION_ID, ALIBABA_CLOUD_REGION or ALICLOUD_REGION
   * @example "cn-hangzhou"
   */
  region?: pulumi.Input<string>;
  /**
   * Access key id; goes with `secretKey`. Kept as a secret.
   *
   * @default the default credential chain: environment, OIDC, the profile of Alibaba's CLI, the role of the machine
   */
  accessKey?: pulumi.Input<string>;
  /** Secret of the access key. Kept as a secret. */
  secretKey?: pulumi.Input<string>;
  /** Token of temporary (STS) credentials. Kept as a secret. */
  securityToken?: pulumi.Input<string>;
  /**
   * Protocol of the calls; those to `cs` are always HTTPS.
   *
   * @default "HTTPS"
   */
  protocol?: pulumi.Input<"HTTP" | "HTTPS">;
  /**
   * Hosts of the OpenAPI.
   *
   * @default `<product>.<region>.aliyuncs.com`, or the environment: ALIBABA_CLOUD_ENDPOINT_<PRODUCT>, <PRODUCT>_ENDPOINT
   */
  endpoints?: pulumi.Input<Endpoints>;
}

/** Region, credentials and endpoints of this package's resources. */
export class Provider extends pulumi.ProviderResource {
  constructor(name: string, args: ProviderArgs = {}, opts?: pulumi.ResourceOptions) {
    const secret = (value: pulumi.Input<string> | undefined) =>
      value === undefined ? undefined : pulumi.secret(value);
    super(
      "ackone",
      name,
      {
        region: args.region,
        accessKey: secret(args.accessKey),
        secretKey: secret(args.secretKey),
        securityToken: secret(args.securityToken),
        protocol: args.protocol,
        endpoints: args.endpoints,
      },
      opts,
    );
  }
}
