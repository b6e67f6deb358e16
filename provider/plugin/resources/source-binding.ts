/**
 * The source repository from which an image repository is built.
 *
 * The API can bind and change, but not unbind: deleting the resource switches automatic builds off, and the binding itself
 * goes with the image repository. Binding again finds the old binding and changes it. The account at the source code host
 * is bound to the instance by a person, in the console.
 */
import type { OpenApi } from "../../openapi/client";
import { CloudError, isGone } from "../../openapi/error";
import { defineResource, parseId } from "../resource";
import { instanceId, repoId } from "./ids";

interface Inputs {
  instanceId: string;
  repoId: string;
  codeRepoType: string;
  codeRepoNamespace: string;
  codeRepoName: string;
  autoBuild: boolean;
  overseaBuild: boolean;
  disableCacheBuild: boolean;
}

interface Outputs {
  codeRepoDomain: string;
}

type State = Inputs & Outputs;

export const sourceBinding = defineResource<Inputs, Outputs>({
  token: "ackone:registry:SourceBinding",
  description: "Binds an image repository to the source code repository that it is built from.",
  inputs: {
    instanceId,
    repoId,
    codeRepoType: {
      type: "string",
      description: "Source code host.",
      required: true,
      values: ["GITHUB", "GITLAB", "GITEE", "CODE", "CODEUP"],
    },
    codeRepoNamespace: { type: "string", description: "Owner of the source repository.", required: true },
    codeRepoName: { type: "string", description: "Name of the source repository.", required: true },
    autoBuild: { type: "boolean", description: "Build when a push matches a build rule.", default: true },
    overseaBuild: {
      type: "boolean",
      description:
        "Build on servers outside the Chinese mainland, from where GitHub is reached reliably. Defaults to true for GITHUB, else false.",
    },
    disableCacheBuild: { type: "boolean", description: "Build without the cache.", default: false },
  },
  outputs: { codeRepoDomain: { type: "string", description: "Address of the source code host." } },

  defaults({ codeRepoType }) {
    return codeRepoType === undefined ? {} : { overseaBuild: codeRepoType === "GITHUB" };
  },

  async create(inputs, { api }) {
    const id = `${inputs.instanceId}:${inputs.repoId}`;
    if (await find(api, inputs)) {
      await change(api, inputs);
    } else {
      await api.create(
        "CreateRepoSourceCodeRepo",
        request(inputs),
        () => true,
        async () => ((await find(api, inputs)) ? true : undefined),
      );
    }
    return { id, state: await stateOf(api, inputs) };
  },

  async read(id, { api }) {
    return find(api, parseId(id, "instanceId", "repoId"));
  },

  async update(_id, inputs, { api }) {
    await change(api, inputs);
    return stateOf(api, inputs);
  },

  async delete(_id, state, { api }) {
    const bound = await find(api, state);
    if (!bound?.autoBuild) return;
    try {
      await change(api, { ...bound, autoBuild: false });
    } catch (error) {
      // Without the repository, the source repository or the account, nothing is built any more anyway.
      if (!isGone(error) && !isUnbound(error)) throw error;
    }
  },
});

/** Booleans come as the words "true" and "false". */
interface Reply {
  CodeRepoType?: string;
  CodeRepoNamespaceName?: string;
  CodeRepoName?: string;
  CodeRepoDomain?: string;
  AutoBuild?: string | boolean;
  OverseaBuild?: string | boolean;
  DisableCacheBuild?: string | boolean;
}

/** The binding, or undefined when the repository has none, or is gone itself. */
async function find(api: OpenApi, key: { instanceId: string; repoId: string }): Promise<State | undefined> {
  const { instanceId, repoId } = key;
  let reply: Reply;
  try {
    reply = await api.call<Reply>("GetRepoSourceCodeRepo", { InstanceId: instanceId, RepoId: repoId });
  } catch (error) {
    // An unbound account means an unbound repository; the create that follows explains what to do.
    if (isGone(error) || (error instanceof CloudError && error.kind === "source-account-not-bound"))
      return undefined;
    throw error;
  }
  if (!reply.CodeRepoName) return undefined;
  return {
    instanceId,
    repoId,
    codeRepoType: reply.CodeRepoType ?? "",
    codeRepoNamespace: reply.CodeRepoNamespaceName ?? "",
    codeRepoName: reply.CodeRepoName,
    autoBuild: isTrue(reply.AutoBuild),
    overseaBuild: isTrue(reply.OverseaBuild),
    disableCacheBuild: isTrue(reply.DisableCacheBuild),
    codeRepoDomain: reply.CodeRepoDomain ?? "",
  };
}

function isUnbound(error: unknown): boolean {
  return error instanceof CloudError && error.kind === "source-account-not-bound";
}

async function change(api: OpenApi, inputs: Inputs): Promise<void> {
  await api.call("UpdateRepoSourceCodeRepo", request(inputs));
}

function request(inputs: Inputs) {
  return {
    InstanceId: inputs.instanceId,
    RepoId: inputs.repoId,
    CodeRepoType: inputs.codeRepoType,
    CodeRepoNamespaceName: inputs.codeRepoNamespace,
    CodeRepoName: inputs.codeRepoName,
    AutoBuild: inputs.autoBuild,
    OverseaBuild: inputs.overseaBuild,
    DisableCacheBuild: inputs.disableCacheBuild,
  };
}

async function stateOf(api: OpenApi, inputs: Inputs): Promise<State> {
  const bound = await find(api, inputs);
  return { ...inputs, codeRepoDomain: bound?.codeRepoDomain ?? "" };
}

function isTrue(value: string | boolean | undefined): boolean {
  return String(value).toLowerCase() === "true";
}
