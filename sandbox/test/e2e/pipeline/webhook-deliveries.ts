import type { Pipeline } from "../support/pipeline";

/** One attempt of GitHub to tell Argo CD about a push. */
export interface WebhookDelivery {
  id: number;
  event: string;
  /** 0 when nobody answered. */
  status_code: number;
}

/** What GitHub lists under "Recent Deliveries" of the deployment repository's webhook, the newest first. */
export async function webhookDeliveries({ sandbox, operator }: Pipeline): Promise<WebhookDelivery[]> {
  const { deployment } = await operator.platform();
  const get = async <T>(path: string) => {
    const answer = await fetch(`${sandbox.github.url}/api/v3/repos/${deployment.repository}/hooks${path}`, {
      headers: { authorization: `Bearer ${sandbox.credentials.githubToken}` },
    });
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  const hooks = await get<{ id: number }[]>("");
  const deliveries = await Promise.all(
    hooks.map(({ id }) => get<WebhookDelivery[]>(`/${id}/deliveries?per_page=100`)),
  );
  return deliveries.flat();
}
