import { ConfigMapPatch } from "@pulumi/kubernetes/core/v1/configMapPatch";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { VisibleError } from "../error";
import { check } from "../validation";
import { explicitlyNamed, patchedMetadata } from "./argocd";
import { labelRule } from "./names";
import { globalPolicyRule } from "./policy";

export interface AccessArgs {
  /** Whose access this is; a part of the key, so that every team has lines of its own. */
  team: string;
  /**
   * Lines of policy: `p, role:<role>, <resource>, <action>, <project>/<object>, allow|deny` and `g, <UID>, role:<role>`.
   * Promoting a release by hand needs `sync` on `applications`, looking at it `get`.
   */
  policies: string[];
}

/**
 * What a team may do in Argo CD beyond the roles of its projects: lines under a key of its own,
 * `policy.<team>.csv`, in the ConfigMap that ACK One brings along. Argo CD reads all such keys together, so that the
 * lines of others, and those made in the console, stay as they are.
 *
 * @example
 * ```ts
 * new Access("echo-access", {
 *   team: "echo",
 *   policies: [
 *     "p, role:echo, applications, get, acme-production/*, allow",
 *     "p, role:echo, applications, sync, acme-production/*, allow",
 *     "g, 200000000000000001, role:echo",
 *   ],
 * }, { provider: fleet.provider });
 * ```
 */
export class Access extends Component {
  constructor(name: string, args: AccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ackone:gitops:Access", name, opts);

    checkAccess(name, args);

    new ConfigMapPatch(
      `${name}-policy`,
      {
        metadata: patchedMetadata("argocd-rbac-cm", `access-${args.team}`),
        data: { [`policy.${args.team}.csv`]: `${args.policies.join("\n")}\n` },
      },
      explicitlyNamed(this, opts),
    );

    this.registerOutputs({});
  }
}

/** @throws {VisibleError} */
export function checkAccess(path: string, args: AccessArgs): void {
  check(`${path}.team`, args.team, labelRule);
  if (args.policies.length === 0) {
    throw new VisibleError(`${path}.policies is empty; leave the team out, or give it a line`);
  }
  for (const [index, line] of args.policies.entries()) {
    check(`${path}.policies[${index}]`, line, globalPolicyRule);
  }
}
