import { action } from "../gateway/action";
import { choice, list, records, required, text } from "../gateway/parameters";
import { findInstance } from "./lookup";

/** Tags of instances; cr knows no other resource type. */
const resourceType = required(choice(["Instance"], { ignoreCase: true }));
const tag = { Key: required(text({ max: 128 })), Value: text({ max: 128 }) };

export const TagResources = action(
  {
    RegionId: required(text()),
    ResourceType: resourceType,
    ResourceId: required(list()),
    Tag: required(records(tag)),
  },
  ({ ResourceId, Tag }, cloud) => {
    const instances = ResourceId.map((id) => findInstance(cloud, id));
    for (const { tags } of instances) for (const { Key, Value } of Tag) tags[Key] = Value ?? "";
    return {};
  },
);

export const UntagResources = action(
  {
    RegionId: required(text()),
    ResourceType: resourceType,
    ResourceId: required(list()),
    TagKey: list(),
    All: choice(["true", "false"]),
  },
  ({ ResourceId, TagKey = [], All }, cloud) => {
    for (const id of ResourceId) {
      const { tags } = findInstance(cloud, id);
      for (const key of All === "true" ? Object.keys(tags) : TagKey) delete tags[key];
    }
    return {};
  },
);

export const ListTagResources = action(
  {
    RegionId: required(text()),
    ResourceType: resourceType,
    ResourceId: list(),
    Tag: records({ Key: text(), Value: text() }),
    NextToken: text(),
  },
  ({ ResourceId, Tag = [] }, cloud) => ({
    NextToken: "",
    TagResources: Object.values(cloud.account.instances)
      .filter(({ id }) => ResourceId?.includes(id) ?? true)
      .flatMap(({ id, tags }) =>
        Object.entries(tags)
          .filter(
            ([key, value]) =>
              Tag.length === 0 ||
              Tag.some(({ Key, Value }) => (Key ?? key) === key && (Value ?? value) === value),
          )
          .map(([TagKey, TagValue]) => ({ ResourceId: id, ResourceType: "Instance", TagKey, TagValue })),
      ),
  }),
);
