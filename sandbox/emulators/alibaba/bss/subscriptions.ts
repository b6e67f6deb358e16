import { randomInt } from "node:crypto";
import { newId } from "../account/ids";
import type { Edition, Instance, InternetEndpoint } from "../account/model";
import type { Cloud } from "../cloud";
import { editions } from "../cr/editions";
import { releaseInstance, startInstance } from "../cr/instances";
import { isInstanceName } from "../cr/names";
import { action } from "../gateway/action";
import { ApiError, invalid, missing } from "../gateway/errors";
import { choice, integer, records, required, text } from "../gateway/parameters";

/** Only the registry can be bought. The product type says on which of the two sites the account is. */
const productCode = required(choice(["acr"]));
const productType = choice(["acr_ee_public_cn", "acr_ee_public_intl"]);

/** Months that a subscription may be paid for; not verified against the product's current price page. */
const terms = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 24, 36, 48, 60];

/** Repeating the same ClientToken within a request's retries returns the first result ("CreateInstance"). */
export const CreateInstance = action(
  {
    ProductCode: productCode,
    ProductType: productType,
    SubscriptionType: required(choice(["Subscription", "PayAsYouGo"])),
    Period: integer(),
    RenewalStatus: choice(["AutoRenewal", "ManualRenewal"]),
    RenewPeriod: integer({ min: 0 }),
    ClientToken: text({ max: 64 }),
    Parameter: required(records({ Code: required(text()), Value: required(text()) })),
  },
  (request, cloud) => {
    const { account } = cloud;
    const earlier = request.ClientToken && account.clientTokens[request.ClientToken];
    if (earlier) return { OrderId: orderId(), InstanceId: earlier };

    const subscribed = request.SubscriptionType === "Subscription";
    if (subscribed && request.Period === undefined) throw missing("Period");
    if (request.Period !== undefined && !terms.includes(request.Period)) {
      throw invalid("Period", `${request.Period} is none of ${terms.join(", ")} months`);
    }
    const automatic = request.RenewalStatus === "AutoRenewal";
    // "RenewPeriod: required if RenewalStatus is AutoRenewal".
    if (automatic && !request.RenewPeriod) throw missing("RenewPeriod");

    const attributes = readAttributes(request.Parameter, cloud);
    const now = Date.now();
    const months = subscribed ? (request.Period ?? 1) : 0;
    const instance: Instance = {
      id: newId("cri"),
      ...attributes,
      status: "PENDING",
      createdAt: now,
      modifiedAt: now,
      resourceGroupId: "rg-acfmv3default",
      tags: {},
      subscription: {
        productType: request.ProductType ?? "acr_ee_public_cn",
        type: request.SubscriptionType,
        period: request.Period,
        renewal: request.RenewalStatus ?? "ManualRenewal",
        renewPeriod: automatic ? request.RenewPeriod : undefined,
        endsAt: monthsLater(now, months),
      },
      internet: { Registry: off(), Chart: off() },
      vpcLinks: [],
    };
    account.instances[instance.id] = instance;
    if (request.ClientToken) account.clientTokens[request.ClientToken] = instance.id;
    cloud.later(cloud.settings.delays.instance / 2, startInstance, {
      instanceId: instance.id,
      status: "STARTING",
    });
    return { OrderId: orderId(), InstanceId: instance.id };
  },
);

/** How instances are paid for. Of other products the account has none. */
export const QueryAvailableInstances = action(
  {
    ProductCode: text(),
    ProductType: text(),
    SubscriptionType: text(),
    InstanceIDs: text(),
    Region: text(),
    RenewStatus: text(),
    PageNum: integer({ min: 1 }),
    PageSize: integer({ min: 1, max: 300 }),
  },
  (request, cloud) => {
    const ids = request.InstanceIDs?.split(",");
    const found = Object.values(cloud.account.instances).filter(
      ({ id, subscription }) =>
        (request.ProductCode ?? "acr") === "acr" &&
        (request.ProductType ?? subscription.productType) === subscription.productType &&
        (request.SubscriptionType ?? subscription.type) === subscription.type &&
        (request.RenewStatus ?? subscription.renewal) === subscription.renewal &&
        (request.Region ?? cloud.region) === cloud.region &&
        (ids?.includes(id) ?? true),
    );
    const { PageNum = 1, PageSize = 20 } = request;
    return {
      PageNum,
      PageSize,
      TotalCount: found.length,
      InstanceList: found
        .slice((PageNum - 1) * PageSize, PageNum * PageSize)
        .map((each) => view(each, cloud)),
    };
  },
);

/** Gives an instance back at once; what is in it is lost. */
export const RefundInstance = action(
  {
    ProductCode: productCode,
    ProductType: productType,
    InstanceId: required(text()),
    ImmediatelyRelease: choice(["0", "1"]),
    ClientToken: text({ max: 64 }),
  },
  ({ InstanceId }, cloud) => {
    const instance = cloud.account.instances[InstanceId];
    if (!instance) {
      throw new ApiError(400, "ResourceNotExists", `The resource ${InstanceId} does not exist.`);
    }
    if (instance.status !== "DELETING") {
      instance.status = "DELETING";
      cloud.later(cloud.settings.delays.instance, releaseInstance, { instanceId: InstanceId });
    }
    return { OrderId: orderId(), HostId: InstanceId };
  },
);

/** The attributes of an instance, which BSS takes as pairs of code and value ("CreateInstance" of ACR). */
function readAttributes(
  parameters: readonly { Code: string; Value: string }[],
  cloud: Cloud,
): Pick<Instance, "name" | "edition" | "extraQuota"> {
  const known = new Set([
    "InstanceType",
    "InstanceName",
    "Region",
    "DefaultOssBucket",
    "InstanceStorageName",
    "image_scanner",
    "vpc_num",
    "RepoQuota",
    "NamespaceQuota",
  ]);
  const sent = new Map(parameters.map(({ Code, Value }) => [Code, Value]));
  for (const code of sent.keys()) {
    if (!known.has(code)) throw invalid("Parameter", `acr has no attribute ${code}`);
  }
  const edition = editions.find((each) => each === sent.get("InstanceType")) as Edition | undefined;
  if (!edition) {
    throw invalid("Parameter", `InstanceType ${sent.get("InstanceType")} is none of ${editions.join(", ")}`);
  }
  const name = sent.get("InstanceName") ?? "";
  if (!isInstanceName(name)) {
    throw invalid(
      "Parameter",
      `InstanceName ${name} needs 3 to 30 lower-case letters, digits or hyphens, no hyphen at either end`,
    );
  }
  if (sent.get("Region") !== cloud.region) {
    throw invalid("Parameter", `Region ${sent.get("Region")} is not ${cloud.region}`);
  }
  if (Object.values(cloud.account.instances).some((each) => each.name === name)) {
    // Undocumented; the name is part of the host name, so it can't be there twice.
    throw invalid("Parameter", `InstanceName ${name} is in use`);
  }
  const count = (code: string) => Number(sent.get(code) ?? 0);
  return {
    name,
    edition,
    extraQuota: {
      namespaces: count("NamespaceQuota"),
      repositories: count("RepoQuota"),
      vpcs: count("vpc_num"),
    },
  };
}

function view({ id, createdAt, subscription }: Instance, cloud: Cloud) {
  return {
    InstanceID: id,
    OwnerId: 1000000000000001,
    SellerId: 26842,
    Seller: "26842",
    ProductCode: "acr",
    ProductType: subscription.productType,
    SubscriptionType: subscription.type,
    Status: "Normal",
    SubStatus: "Normal",
    Region: cloud.region,
    CreateTime: utc(createdAt),
    EndTime: utc(subscription.endsAt),
    StopTime: utc(subscription.endsAt),
    RenewStatus: subscription.renewal,
    ...(subscription.renewPeriod !== undefined && {
      RenewalDuration: subscription.renewPeriod,
      RenewalDurationUnit: "M",
    }),
  };
}

const off = (): InternetEndpoint => ({ status: "OFF", acl: [] });
const orderId = () => String(randomInt(1e14, 2e14));
/** Seconds, as BSS writes times. */
const utc = (time: number) => `${new Date(time).toISOString().slice(0, 19)}Z`;

/** Pay-as-you-go instances "end" in 2099. */
function monthsLater(from: number, months: number): number {
  if (months === 0) return Date.UTC(2099, 11, 31, 15, 59, 59);
  const date = new Date(from);
  date.setUTCMonth(date.getUTCMonth() + months);
  return date.getTime();
}
