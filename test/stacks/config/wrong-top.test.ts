import { describeMistakes, type Mistake, set } from "./mistake";

/** Keys with which the alicloud provider would be somebody else than the project's own provider. */
const identities: Mistake[] = Object.entries({
  assumeRole: { roleArn: "acs:ram::1234567890123456:role/deployer" },
  assumeRoleWithOidc: { roleArn: "acs:ram::1234567890123456:role/deployer" },
  credentialsUri: "http://127.0.0.1:8080",
  ecsRoleName: "deployer",
  profile: "production",
  sharedCredentialsFile: "config.json",
}).map(([name, value]) => [
  `half a stack made by somebody else, because of ${name}`,
  set(`alicloud:${name}`, value),
  `alicloud:${name}: is not known to this project's own provider, which would act as somebody else than the alicloud provider; remove it, and set ALIBABA_CLOUD_* variables of the default credential chain, which both follow`,
]);

describeMistakes("keys at the top", [
  [
    "a misspelt key",
    set("platfrom", "acme"),
    "platfrom: is not a key of this project; did you mean platform?",
  ],
  [
    "a name of the platform with capitals",
    set("platform", "Acme"),
    'platform: "Acme" is not a name of a platform; use 2 to 26 lower-case letters, digits and dashes, starting with a letter, like acme-dev',
  ],
  [
    "a name of the platform that is too long",
    set("platform", "a-platform-with-a-long-name"),
    'platform: "a-platform-with-a-long-name" is not a name of a platform; use 2 to 26 lower-case letters, digits and dashes, starting with a letter, like acme-dev',
  ],
  [
    "a missing name of the platform",
    set("platform", undefined),
    "platform: is missing; use 2 to 26 lower-case letters, digits and dashes, starting with a letter, like acme-dev",
  ],
  [
    "a switch that is neither true nor false",
    set("protect", "yes"),
    'protect: "yes" is not true or false; use true or false, without quotes',
  ],
  [
    "a missing region",
    set("alicloud:region", undefined),
    "alicloud:region: is missing; run: pulumi config set alicloud:region cn-hangzhou",
  ],
  [
    "a region that is none",
    set("alicloud:region", "Hangzhou"),
    'alicloud:region: "Hangzhou" is not a region; use a name like cn-hangzhou',
  ],
  [
    "a missing GitHub account",
    set("github:owner", undefined),
    "github:owner: is missing; run: pulumi config set github:owner acme",
  ],
  [
    "a GitHub account with an underscore",
    set("github:owner", "acme_x"),
    'github:owner: "acme_x" is not an account; use a name like acme',
  ],
  [
    "a missing group",
    set("registry", undefined),
    "registry: is missing; use the keys instance, namespace, tagImmutability, internet, vpcLinks or pullFrom",
  ],
  [
    "text where a group belongs",
    set("registry", "acme"),
    'registry: "acme" is not a group of keys; use the keys instance, namespace, tagImmutability, internet, vpcLinks or pullFrom',
  ],
  ...identities,
]);
