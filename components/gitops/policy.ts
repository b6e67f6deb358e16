/**
 * Lines of Argo CD's access policy (Argo CD: "RBAC Configuration"; "Projects", roles).
 *
 * Argo CD checks the policies of a project only when they arrive through its own API. What is written as a Kubernetes
 * object is taken as it is, and a wrong line then locks its people out or breaks every later change of the project in
 * the web console. So they are checked here.
 */
import { oneOf, type Rule } from "../validation";

/** What a role of a project may be allowed to touch; the set that every Argo CD since 2.8 accepts. */
const projectResources = ["applications", "repositories", "clusters", "exec", "logs"];

const globalResources = [
  ...projectResources,
  "accounts",
  "applicationsets",
  "certificates",
  "extensions",
  "gpgkeys",
  "projects",
  "*",
];

/**
 * A line of a project role: `p, proj:<project>:<role>, <resource>, <action>, <project>/<object>, allow|deny`.
 */
export function projectPolicyRule(project: string, role: string): Rule<string> {
  const own = `proj:${project}:${role}`;
  return (line) => {
    const fields = fieldsOf(line);
    if (fields.length !== 6) {
      return sixFields(fields.length);
    }
    const [kind, subject, , , object] = fields as Permission;
    if (kind !== "p" || subject !== own) {
      return `isn't a permission of this role; it starts with "p, ${own}, "`;
    }
    const isOwnObject =
      object.startsWith(`${project}/`) && /^[*\w.-]+$/.test(object.slice(project.length + 1));
    return (
      permissionComplaint(fields as Permission, projectResources) ??
      (isOwnObject
        ? undefined
        : `names an object outside of the project; use ${project}/* or ${project}/<application>`)
    );
  };
}

/**
 * A line of the policy of the whole Argo CD: a permission as above with any subject and object, or a member of a role:
 * `g, <user or group>, role:<role>`.
 */
export const globalPolicyRule: Rule<string> = (line) => {
  const fields = fieldsOf(line);
  const [kind, subject] = fields;
  if (kind === "g") {
    const isMembership = fields.length === 3 && subject !== "" && /^(role|proj):./.test(fields[2]!);
    return isMembership ? undefined : 'isn\'t a membership; use "g, <user>, role:<role>"';
  }
  if (kind !== "p") {
    return 'isn\'t a policy; a line starts with "p, <subject>, " or "g, <user>, "';
  }
  if (fields.length !== 6 || fields.includes("")) {
    return sixFields(fields.filter((field) => field !== "").length);
  }
  return permissionComplaint(fields as Permission, globalResources);
};

/** The name of a role of a project. */
export const roleNameRule: Rule<string> = (role) =>
  /^[a-zA-Z0-9]([-_a-zA-Z0-9]*[a-zA-Z0-9])?$/.test(role)
    ? undefined
    : "is not a role's name; use letters, digits and inner dashes or underscores";

/** A group or user id that gets a role. Argo CD reads groups as fields of a line separated by commas. */
export const groupRule: Rule<string> = (group) => {
  if (group.trim() === "" || /[\r\n]/.test(group)) {
    return "is not a group; use the UID of a RAM user or the name of a group";
  }
  return group.includes(",") && !/^".*"$/.test(group)
    ? "has a comma in it, which would start another group; put the name in double quotes"
    : undefined;
};

type Permission = [
  kind: string,
  subject: string,
  resource: string,
  action: string,
  object: string,
  effect: string,
];

function fieldsOf(line: string): string[] {
  return line.split(",").map((field) => field.trim());
}

function sixFields(found: number): string {
  return `has ${found} fields; a permission has six: p, subject, resource, action, object, allow or deny`;
}

function permissionComplaint(
  [, , resource, action, , effect]: Permission,
  resources: string[],
): string | undefined {
  const about = oneOf(resources, (words) => `is about the unknown resource "${resource}"; use ${words}`);
  return about(resource) ?? actionComplaint(action) ?? effectComplaint(effect);
}

function actionComplaint(action: string): string | undefined {
  return /^(get|create|update|delete|sync|override|\*|action\/.+)$/.test(action)
    ? undefined
    : `has the unknown action "${action}"; use get, create, update, delete, sync, override, action/<group>/<kind>/<name> or *`;
}

function effectComplaint(effect: string): string | undefined {
  return effect === "allow" || effect === "deny" ? undefined : `ends with "${effect}"; use allow or deny`;
}
