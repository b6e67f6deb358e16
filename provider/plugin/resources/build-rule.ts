/**
 * A build rule of an image repository: which push builds which image.
 *
 * The API has no call that gets one rule, so a read lists them, and no idempotency token, so a create looks for an equal rule
 * first: after a lost reply, or a run that was killed, it is the one that was made then.
 */
import type { OpenApi } from "../../openapi/client";
import { unlessGone } from "../../openapi/error";
import { defineResource, parseId } from "../resource";
import { instanceId, repoId } from "./ids";

interface Inputs {
  instanceId: string;
  repoId: string;
  pushType: string;
  pushName: string;
  imageTag: string;
  dockerfileLocation: string;
  dockerfileName: string;
  platforms: string[];
  buildArgs: Record<string, string>;
}

interface Outputs {
  buildRuleId: string;
}

type State = Inputs & Outputs;

const PAGE_SIZE = 50;

export const buildRule = defineResource<Inputs, Outputs>({
  token: "ackone:registry:BuildRule",
  description: "Builds an image when a push to the bound source repository matches.",
  inputs: {
    instanceId,
    repoId,
    pushType: {
      type: "string",
      description: "What is pushed.",
      required: true,
      values: ["GIT_TAG", "GIT_BRANCH"],
    },
    pushName: {
      type: "string",
      description:
        "Name of the tag or branch, or a regular expression in Java's syntax, such as `release-(?<imageTag>v[\\w.-]+)`.",
      required: true,
    },
    imageTag: {
      type: "string",
      description: "Tag of the image; `${imageTag}` stands for the named group.",
      required: true,
    },
    dockerfileLocation: {
      type: "string",
      description: "Folder of the Dockerfile, from the root of the repository.",
      default: "/",
      pattern: {
        matches: (text) => text.startsWith("/"),
        means: "a folder from the repository's root; start it with /",
      },
    },
    dockerfileName: {
      type: "string",
      description: "File name of the Dockerfile.",
      default: "Dockerfile",
      pattern: {
        matches: (text) => text !== "" && !text.includes("/"),
        means: "a file name; folders go into dockerfileLocation",
      },
    },
    platforms: {
      type: "strings",
      description: "Platforms to build for.",
      default: ["linux/amd64"],
      unordered: true,
      pattern: {
        matches: (text) => /^[a-z]+\/[a-z0-9]+(\/v\d+)?$/.test(text),
        means: "a platform; it looks like linux/amd64",
      },
    },
    buildArgs: { type: "map", description: "Build arguments, by name.", default: {} },
  },
  outputs: { buildRuleId: { type: "string", description: "Id of the rule, `crbr-…`." } },
  // Two equal patterns beside each other would build every push twice.
  deleteBeforeReplace: true,

  check({ buildArgs, platforms }) {
    const wrong = Object.keys(buildArgs ?? {}).filter((name) => !/^[A-Za-z_]\w*$/.test(name));
    const failures = wrong.map((name) => ({
      property: "buildArgs",
      reason: `"${name}" is not the name of a build argument; use letters, digits and _, and no digit first`,
    }));
    if (platforms?.length === 0) {
      failures.push({ property: "platforms", reason: "is empty; leave it out for linux/amd64" });
    }
    return failures;
  },

  /** An update can't send an empty list, so that the last build argument only goes with the rule. */
  replaces(olds, news) {
    const hadArguments = Object.keys(olds.buildArgs ?? {}).length > 0;
    return hadArguments && Object.keys(news.buildArgs ?? {}).length === 0 ? ["buildArgs"] : [];
  },

  preview(_inputs, _region, state) {
    return state ? { buildRuleId: state.buildRuleId } : {};
  },

  async create(inputs, { api }) {
    const existing = async () => (await list(api, inputs)).find((rule) => isEqual(rule, inputs))?.buildRuleId;
    const found = await existing();
    if (found !== undefined) takenOver.set(api, (takenOver.get(api) ?? new Set()).add(found));
    const buildRuleId =
      found ??
      (await api.create(
        "CreateRepoBuildRule",
        request(inputs),
        (reply) => String(reply["BuildRuleId"]),
        existing,
      ));
    return { id: `${inputs.instanceId}:${inputs.repoId}:${buildRuleId}`, state: { ...inputs, buildRuleId } };
  },

  async read(id, { api }) {
    const { ruleId, ...repository } = parseId(id, "instanceId", "repoId", "ruleId");
    const rules = await unlessGone(list(api, repository));
    return rules?.find((rule) => rule.buildRuleId === ruleId);
  },

  async update(_id, inputs, { api }, { buildRuleId }) {
    await api.call("UpdateRepoBuildRule", { ...request(inputs), BuildRuleId: buildRuleId });
    return { ...inputs, buildRuleId };
  },

  async delete(_id, { instanceId, repoId, buildRuleId }, { api }) {
    if (takenOver.get(api)?.has(buildRuleId)) return;
    await unlessGone(
      api.call("DeleteRepoBuildRule", { InstanceId: instanceId, RepoId: repoId, BuildRuleId: buildRuleId }),
    );
  },
});

/**
 * Ids of the rules that this run has taken over. By the client, of which every run has its own. The engine creates a
 * resource with another name before it deletes the one with the old name: that is the same rule, and is still wanted.
 */
const takenOver = new WeakMap<OpenApi, Set<string>>();

interface Reply {
  BuildRules?: {
    BuildRuleId: string;
    PushType: string;
    PushName: string;
    ImageTag: string;
    DockerfileLocation?: string;
    DockerfileName?: string;
    Platforms?: string[];
    BuildArgs?: string[];
  }[];
  /** A number, written as text. */
  TotalCount?: string | number;
}

/** All rules of a repository, page after page. */
async function list(
  api: OpenApi,
  { instanceId, repoId }: { instanceId: string; repoId: string },
): Promise<State[]> {
  const rules: State[] = [];
  for (let page = 1; ; page++) {
    const reply = await api.call<Reply>("ListRepoBuildRule", {
      InstanceId: instanceId,
      RepoId: repoId,
      PageNo: page,
      PageSize: PAGE_SIZE,
    });
    const items = reply.BuildRules ?? [];
    for (const item of items) {
      rules.push({
        instanceId,
        repoId,
        pushType: item.PushType,
        pushName: item.PushName,
        imageTag: item.ImageTag,
        dockerfileLocation: item.DockerfileLocation || "/",
        dockerfileName: item.DockerfileName || "Dockerfile",
        platforms: item.Platforms?.length ? item.Platforms : ["linux/amd64"],
        buildArgs: parseArguments(item.BuildArgs ?? []),
        buildRuleId: item.BuildRuleId,
      } as State);
    }
    if (items.length === 0 || rules.length >= Number(reply.TotalCount ?? 0)) return rules;
  }
}

function request(inputs: Inputs) {
  return {
    InstanceId: inputs.instanceId,
    RepoId: inputs.repoId,
    PushType: inputs.pushType,
    PushName: inputs.pushName,
    ImageTag: inputs.imageTag,
    DockerfileLocation: inputs.dockerfileLocation,
    DockerfileName: inputs.dockerfileName,
    Platforms: inputs.platforms,
    BuildArgs: formatArguments(inputs.buildArgs),
  };
}

/** Sorted by name, so that the same arguments always are the same request. */
function formatArguments(buildArgs: Record<string, string> = {}): string[] {
  return Object.keys(buildArgs)
    .sort()
    .map((name) => `${name}=${buildArgs[name]}`);
}

function parseArguments(list: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    list.map((item) => {
      const [name = "", ...value] = item.split("=");
      return [name, value.join("=")];
    }),
  );
}

function isEqual(rule: Inputs, inputs: Inputs): boolean {
  const key = (one: Inputs) =>
    JSON.stringify([
      one.pushType,
      one.pushName,
      one.imageTag,
      one.dockerfileLocation,
      one.dockerfileName,
      [...one.platforms].sort(),
      formatArguments(one.buildArgs),
    ]);
  return key(rule) === key(inputs);
}
