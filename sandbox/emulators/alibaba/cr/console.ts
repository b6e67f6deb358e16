import type { Instance } from "../account/model";
import type { Cloud } from "../cloud";
import { setPassword, temporaryLogin, temporaryUser } from "./logins";

const halfAnHour = 30 * 60 * 1000;

/** What is done in the web console of Container Registry, and by services of the cloud on their own. */
export class Console {
  private readonly given = new Map<string, { user: string; password: string; expiresAt: number }>();

  constructor(
    private readonly cloud: Cloud,
    private readonly save: () => void,
  ) {}

  /** Access credentials > Set password. The old one stops to work at once. @param instance its name or id */
  setRegistryPassword(instance: string, password: string): void {
    setPassword(this.find(instance), password);
    this.save();
  }

  /** Instance settings > anonymous pull of public repositories. There is no API for it. @param instance its name or id */
  setAnonymousPull(instance: string, allowed: boolean): void {
    this.find(instance).anonymousPull = allowed;
    this.save();
  }

  /** The same login is given for half an hour: a kubelet asks for every pull. */
  registryLogin(instance: string): { user: string; password: string } {
    const found = this.find(instance);
    let login = this.given.get(found.id);
    if (!login || login.expiresAt < Date.now() + halfAnHour) {
      const { token, expiresAt } = temporaryLogin(found);
      login = { user: temporaryUser, password: token, expiresAt };
      this.given.set(found.id, login);
      this.save();
    }
    return { user: login.user, password: login.password };
  }

  private find(nameOrId: string): Instance {
    const { instances } = this.cloud.account;
    const found = instances[nameOrId] ?? Object.values(instances).find(({ name }) => name === nameOrId);
    if (!found) throw new Error(`there is no registry instance ${nameOrId}`);
    return found;
  }
}
