import { ApiError, invalid, notFound } from "../errors";
import { type Hook, type Repository, timestamp } from "../types";
import { type Action, at, created, noContent, ok, requireLogin } from "./action";
import { checkFields } from "./fields";

interface HookFields {
  name?: string;
  active?: boolean;
  events?: string[];
  config?: Record<string, unknown>;
}

/** The events that a repository's hook can ask for ("Webhook events and payloads"). Only `push` happens here. */
const knownEvents = new Set([
  ..."* branch_protection_rule check_run check_suite code_scanning_alert commit_comment create delete".split(
    " ",
  ),
  ..."deploy_key deployment deployment_status discussion discussion_comment fork gollum issue_comment issues".split(
    " ",
  ),
  ..."label member meta milestone package page_build ping public pull_request pull_request_review".split(" "),
  ..."pull_request_review_comment pull_request_review_thread push registry_package release repository".split(
    " ",
  ),
  ..."star status team_add watch workflow_job workflow_run".split(" "),
]);

const list: Action = {
  method: "GET",
  path: "/repos/{owner}/{repo}/hooks",
  documentation: "repos/webhooks#list-repository-webhooks",
  run(service, { caller, params }) {
    const repository = service.administered(caller, ...at(params));
    return ok(repository.hooks.map((hook) => service.show.hook(repository, hook)));
  },
};

const create: Action = {
  method: "POST",
  path: "/repos/{owner}/{repo}/hooks",
  documentation: "repos/webhooks#create-a-repository-webhook",
  run(service, call) {
    const repository = service.changeable(call.caller, ...at(call.params));
    const fields = hookFields(call.body);
    if (fields.name !== undefined && fields.name !== "web")
      throw invalid("Hook", "name", "name must be 'web'");
    const now = timestamp();
    const { active = true, events = ["push"] } = fields;
    const config = hookConfig(fields.config);
    const hook: Hook = { id: 0, active, events, config, createdAt: now, updatedAt: now, deliveries: [] };
    checkUnique(repository, hook);
    hook.id = service.store.newId();
    repository.hooks.push(hook);
    service.store.save();
    const answer = created(service.show.hook(repository, hook));
    if (hook.active) service.webhooks.ping(repository, hook, requireLogin(call));
    return answer;
  },
};

const get: Action = {
  method: "GET",
  path: "/repos/{owner}/{repo}/hooks/{hook_id}",
  documentation: "repos/webhooks#get-a-repository-webhook",
  run(service, { caller, params }) {
    const repository = service.administered(caller, ...at(params));
    return ok(service.show.hook(repository, hookOf(repository, params)));
  },
};

const update: Action = {
  method: "PATCH",
  path: "/repos/{owner}/{repo}/hooks/{hook_id}",
  documentation: "repos/webhooks#update-a-repository-webhook",
  run(service, { caller, params, body }) {
    const repository = service.changeable(caller, ...at(params));
    const hook = hookOf(repository, params);
    const fields = hookFields(body);
    // A configuration replaces the whole old one: whoever leaves the secret out removes it.
    const changed = {
      ...hook,
      active: fields.active ?? hook.active,
      events: fields.events ?? hook.events,
      config: fields.config ? hookConfig(fields.config) : hook.config,
      updatedAt: timestamp(),
    };
    checkUnique(repository, changed);
    Object.assign(hook, changed);
    service.store.save();
    return ok(service.show.hook(repository, hook));
  },
};

const remove: Action = {
  method: "DELETE",
  path: "/repos/{owner}/{repo}/hooks/{hook_id}",
  documentation: "repos/webhooks#delete-a-repository-webhook",
  run(service, { caller, params }) {
    const repository = service.changeable(caller, ...at(params));
    repository.hooks.splice(repository.hooks.indexOf(hookOf(repository, params)), 1);
    service.store.save();
    return noContent;
  },
};

const listDeliveries: Action = {
  method: "GET",
  path: "/repos/{owner}/{repo}/hooks/{hook_id}/deliveries",
  documentation: "repos/webhooks#list-deliveries-for-a-repository-webhook",
  run(service, { caller, params }) {
    const repository = service.administered(caller, ...at(params));
    return ok(
      hookOf(repository, params).deliveries.map((one) => ({
        id: one.id,
        guid: one.guid,
        event: one.event,
        action: null,
        delivered_at: one.deliveredAt,
        redelivery: false,
        duration: one.duration,
        status: one.status,
        status_code: one.statusCode,
        repository_id: repository.id,
      })),
    );
  },
};

function hookOf(repository: Repository, params: Record<string, string>): Hook {
  const hook = repository.hooks.find((one) => String(one.id) === params.hook_id);
  if (!hook) throw notFound();
  return hook;
}

function hookFields(body: unknown): HookFields {
  const fields = checkFields<HookFields & { url?: string }>(body, "Hook", {
    name: "string",
    active: "boolean",
    events: "strings",
    config: "object",
    url: "ignored", // the provider sends the hook's own address along with an update
  });
  const unknown = fields.events?.filter((event) => !knownEvents.has(event)) ?? [];
  if (unknown.length > 0) {
    throw invalid("Hook", "events", `unknown event${unknown.length > 1 ? "s" : ""}: ${unknown.join(", ")}`);
  }
  if (fields.events?.length === 0) throw invalid("Hook", "events", "a hook needs at least one event");
  return { ...fields, events: fields.events && [...new Set(fields.events)] };
}

function hookConfig(config: Record<string, unknown> | undefined): Hook["config"] {
  // GitHub takes the switch as text or as a number, and gives it back as text.
  const sent = { ...config };
  if (sent.insecure_ssl !== undefined) sent.insecure_ssl = String(sent.insecure_ssl);
  const fields = checkFields<Partial<Hook["config"]>>(sent, "Hook", {
    url: "string",
    content_type: { oneOf: ["json", "form"] },
    insecure_ssl: { oneOf: ["0", "1"] },
    secret: "string",
  });
  const { url, content_type = "form", insecure_ssl = "0", secret } = fields;
  if (!url)
    throw new ApiError(422, "Validation Failed", [{ resource: "Hook", code: "missing_field", field: "url" }]);
  if (!/^https?:\/\/[^\s/]+/.test(url) || !URL.canParse(url)) {
    throw invalid("Hook", "url", "url is not a valid http or https URL");
  }
  return { url, content_type, insecure_ssl, ...(secret ? { secret } : {}) };
}

/** GitHub refuses a hook that would call the same URL for the same events. */
function checkUnique(repository: Repository, hook: Hook): void {
  const key = (one: Hook) => JSON.stringify([one.config.url, [...one.events].sort()]);
  const twin = repository.hooks.some((one) => one.id !== hook.id && key(one) === key(hook));
  if (twin) throw invalid("Hook", undefined, "Hook already exists on this repository");
  const perEvent = hook.events.find(
    (event) =>
      repository.hooks.filter((one) => one.id !== hook.id && one.events.includes(event)).length >= 20,
  );
  if (perEvent) throw invalid("Hook", "events", `The "${perEvent}" event cannot have more than 20 hooks`);
}

export const hookActions: Action[] = [list, create, get, update, remove, listDeliveries];
