/** The add-on that gives pods a temporary login for registries of the same account. */
export const credentialHelperName = "managed-aliyun-acr-credential-helper";

/** Its configuration ("Use the credential helper to pull images without secrets", ACR user guide). */
export interface HelperConfig {
  AcrInstanceInfo?: { instanceId: string; regionId: string }[];
  /** Comma-separated; `all` for every namespace. Default `default`. */
  watchNamespace?: string;
  /** Comma-separated; `*` for every account. Default `default`. */
  serviceAccount?: string;
}
