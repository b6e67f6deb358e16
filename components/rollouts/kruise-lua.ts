/**
 * How Argo CD sees and steers a Kruise `Rollout`: scripts in Lua, run by Argo CD with the object as `obj`.
 *
 * Argo CD gives such scripts the basic functions of Lua only, no `string` and no `math`.
 * Source: Argo CD operator manual, "Resource Health" and "Resource Actions".
 */
import { stringify } from "yaml";

/**
 * Health of a `Rollout` (`rollouts.kruise.io/v1beta1`), judged by its phase first. Argo CD's own rule, since version
 * 2.10, looks at the state of the step instead; a rollback leaves that as it was, and the Application would be
 * Progressing for ever. Earlier versions have no rule: an unfinished canary would be Healthy.
 *
 * | phase | health |
 * |---|---|
 * | Healthy | Healthy |
 * | Progressing, paused without a duration | Suspended, with the command that approves |
 * | Progressing otherwise, Initial, Terminating, Disabling | Progressing; a step that is stuck says how many pods are ready |
 * | Disabled | Suspended: nothing is rolled out step by step |
 */
export const healthLua = `
local status = obj.status
if status == nil or status.phase == nil or status.observedGeneration ~= obj.metadata.generation then
  return { status = "Progressing", message = "Waiting for Kruise to look at the rollout" }
end
if status.phase == "Healthy" then
  return { status = "Healthy", message = status.message }
end
if status.phase == "Disabled" then
  return { status = "Suspended", message = "The rollout is disabled: updates don't stop at its steps" }
end
local health = { status = "Progressing", message = status.message }
local progress = status.canaryStatus or status.blueGreenStatus
if status.phase ~= "Progressing" or progress == nil then
  return health
end
if progress.currentStepState == "StepUpgrade" then
  local wanted = progress.canaryReplicas or progress.updatedReplicas or 0
  local ready = progress.canaryReadyReplicas or progress.updatedReadyReplicas or 0
  if ready < wanted then
    health.message = (status.message or "") .. ": " .. ready .. " of " .. wanted .. " new pods are ready"
  end
end
if progress.currentStepState ~= "StepPaused" then
  return health
end
local strategy = obj.spec.strategy.canary or obj.spec.strategy.blueGreen
local step = strategy.steps[progress.currentStepIndex]
if step ~= nil and step.pause ~= nil and step.pause.duration ~= nil then
  return health
end
local labels = obj.metadata.labels or {}
health.status = "Suspended"
health.message = "Paused at step " .. progress.currentStepIndex .. " of " .. #strategy.steps
  .. ", waits for approval: argocd app actions run "
  .. (labels["app.kubernetes.io/instance"] or "<application>")
  .. " approve --group rollouts.kruise.io --kind Rollout --resource-name " .. obj.metadata.name
return health
`.trimStart();

/** Which actions there are, and whether they make sense right now. */
export const discoveryLua = `
local status = obj.status or {}
local progress = status.canaryStatus or status.blueGreenStatus or {}
local paused = status.phase == "Progressing" and progress.currentStepState == "StepPaused"
return { ["approve"] = { disabled = not paused }, ["promote-full"] = { disabled = not paused } }
`.trimStart();

/**
 * The actions by name. Both write what `kubectl-kruise rollout approve` writes; Argo CD sends the changed fields of the
 * status to the status subresource.
 *
 * - `approve` goes on to the next step.
 * - `promote-full` jumps to the last one, for the way back to an older version once a release is complete: to Kruise that
 *   is a release like any other. Named as the action of Argo Rollouts.
 */
export const actionsLua: Record<"approve" | "promote-full", string> = {
  approve: `
local progress = obj.status.canaryStatus or obj.status.blueGreenStatus
if progress.currentStepState == "StepPaused" then
  progress.currentStepState = "StepReady"
end
return obj
`.trimStart(),
  "promote-full": `
local progress = obj.status.canaryStatus or obj.status.blueGreenStatus
local strategy = obj.spec.strategy.canary or obj.spec.strategy.blueGreen
if progress.currentStepState == "StepPaused" then
  if progress.currentStepIndex < #strategy.steps then
    progress.nextStepIndex = #strategy.steps
  end
  progress.currentStepState = "StepReady"
end
return obj
`.trimStart(),
};

/** The value of a key `resource.customizations.actions.…`. */
export function renderActions(): string {
  return stringify({
    "discovery.lua": discoveryLua,
    definitions: Object.entries(actionsLua).map(([name, lua]) => ({ name, "action.lua": lua })),
  });
}
