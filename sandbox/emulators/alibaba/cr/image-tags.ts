import type { ImageTag } from "../account/model";
import { action } from "../gateway/action";
import { BusinessError } from "../gateway/errors";
import { page, paging } from "../gateway/paging";
import { required, text } from "../gateway/parameters";
import { findRepository } from "./lookup";
import { tagOf } from "./registry-account";

/** The tags of an image repository, as pushes have set them. */
const repository = { InstanceId: required(text()), RepoId: required(text()) };

/** Latest push first. */
export const ListRepoTag = action({ ...repository, MaxResults: text(), ...paging }, (request, cloud) => {
  const { tags = {} } = findRepository(cloud, request.InstanceId, request.RepoId);
  const latestFirst = Object.entries(tags).sort(([, one], [, other]) => other.updatedAt - one.updatedAt);
  const { PageNo, PageSize, total, entries } = page(latestFirst, request);
  return {
    PageNo,
    PageSize,
    TotalCount: String(total),
    Images: entries.map(([tag, image]) => view(tag, image)),
  };
});

export const GetRepoTag = action({ ...repository, Tag: required(text()) }, (request, cloud) => {
  const found = findRepository(cloud, request.InstanceId, request.RepoId);
  const image = tagOf(found, request.Tag);
  if (!image) throw noSuchTag(found.name, request.Tag);
  return view(request.Tag, image);
});

/** Takes a tag away, also an immutable one; the content stays until the registry is cleaned up. */
export const DeleteRepoTag = action({ ...repository, Tag: required(text()) }, (request, cloud) => {
  const found = findRepository(cloud, request.InstanceId, request.RepoId);
  if (!tagOf(found, request.Tag)) throw noSuchTag(found.name, request.Tag);
  delete found.tags?.[request.Tag];
  return {};
});

function view(tag: string, { digest, imageId, size, createdAt, updatedAt }: ImageTag) {
  return {
    Tag: tag,
    Digest: digest.replace(/^sha256:/, ""),
    ImageId: imageId.replace(/^sha256:/, ""),
    ImageSize: size,
    ImageCreate: String(createdAt),
    ImageUpdate: String(updatedAt),
    Status: "NORMAL",
  };
}

/** Undocumented code, formed like those that the providers know. */
const noSuchTag = (name: string, tag: string) =>
  new BusinessError("REPO_TAG_NOT_EXIST", `${name} has no tag ${tag}.`);
