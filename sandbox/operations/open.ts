import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { ArgocdClient } from "../argocd/client";
import { engineEnvironment } from "../engine/environment";
import { writeShellFile } from "../engine/shell-file";
import { KubeClient } from "../kubernetes/api/client";
import { parseKubeconfig } from "../kubernetes/api/kubeconfig";
import { Objects } from "../kubernetes/api/objects";
import { NameBook } from "../network/names";
import { Network } from "../network/request";
import { ensureTools } from "../tools/index";
import { loadCredentials, secretValues } from "../world/credentials";
import { openHome, toolCache } from "../world/home";
import type { SandboxInfo } from "../world/info";
import type { Build, OperatorContext } from "./context";
import { layOutOperator } from "./environment";
import { readPlatform } from "./platform";

/** What a person looks up in consoles, and no command line of the sandbox has. */
export interface Consoles {
  /** ACR console, builds of an instance; the latest first. */
  builds(): Promise<Build[]>;
  /** ACR console, log of a build. */
  buildLog(id: string): Promise<string[]>;
}

export interface OperatorOptions {
  consoles: Consoles;
  /** @default "dev" */
  stack?: string;
  print(line: string): void;
}

/**
 * Logs an operator in to a running sandbox whose stack is up, and writes `operator.env` beside the stack folders, for a
 * shell of one's own.
 * @throws Error when the stack isn't up
 */
export async function openOperator(
  info: SandboxInfo,
  { consoles, stack = "dev", print }: OperatorOptions,
): Promise<OperatorContext> {
  const home = openHome(info.home);
  const credentials = loadCredentials(home.credentialsFile);
  const stackFolder = join(home.engine, stack);
  const engine = engineEnvironment(info, credentials, join(home.engine, "passphrase"));
  const pulumi = async (...args: string[]) => {
    const run = await execa("pulumi", [...args, "--stack", stack, "--non-interactive"], {
      cwd: stackFolder,
      env: engine,
      reject: false,
      stdin: "ignore",
    });
    if (run.exitCode === 0) return run.stdout;
    throw new Error(
      `The stack ${stack} isn't up: ${run.stderr || run.shortMessage}\n"npm start" brings it up.`,
    );
  };
  const file = join(stackFolder, `Pulumi.${stack}.yaml`);
  const read = async () => {
    const [config, outputs] = await Promise.all([
      pulumi("config", "--json"),
      pulumi("stack", "output", "--json", "--show-secrets"),
    ]);
    return { outputs, platform: readPlatform(config, outputs, readFileSync(file, "utf8")) };
  };
  const { outputs, ...known } = await read();
  const { kubeconfig, memberKubeconfig, argocdUrl } = JSON.parse(outputs) as Logins;
  const host = new URL(argocdUrl).host;
  const network = new Network(
    new NameBook(join(home.state, "names.json")),
    readFileSync(info.caBundle, "utf8"),
  );
  const token = await logIn(network, host, kubeconfig);
  const environment = layOutOperator({
    folder: join(home.engine, "operator"),
    engine: { ...engine, GITHUB_API_URL: `${info.github.url}/api/v3` },
    programs: await programs(),
    kubeconfigs: { fleet: kubeconfig, members: memberKubeconfig },
    argocd: { host, token },
    proxy: {
      HTTPS_PROXY: info.proxy,
      // The only one that argocd knows.
      ALL_PROXY: `socks5h://${new URL(info.proxy).host}`,
      // Alibaba's SDK compares a host with its port.
      NO_PROXY: ["127.0.0.1", "localhost", info.alibaba.http, info.alibaba.https].join(),
    },
    caBundle: info.caBundle,
    person: { name: "Sandbox operator", email: "operator@sandbox.invalid" },
  });
  writeShellFile(join(home.engine, "operator.env"), environment);
  return {
    environment,
    stackFolder,
    workFolder: join(home.engine, "operator", "work"),
    secrets: [...secretValues(credentials), token],
    platform: async (anew = false) => {
      // The outputs as well: a service that is new has its images there.
      if (anew) known.platform = (await read()).platform;
      return known.platform;
    },
    builds: consoles.builds,
    buildLog: consoles.buildLog,
    print,
  };
}

/** Outputs of the stack that open doors. */
interface Logins {
  kubeconfig: string;
  memberKubeconfig: string;
  argocdUrl: string;
}

/** The administrator's first password, as the console's help page reads it, changed for a token of a day. */
async function logIn(network: Network, host: string, fleet: string): Promise<string> {
  const client = new KubeClient(parseKubeconfig(fleet));
  try {
    const key = {
      apiVersion: "v1",
      kind: "Secret",
      namespace: "argocd",
      name: "argocd-initial-admin-secret",
    };
    const secret = await new Objects(client).get(key);
    const { password } = secret!["data"] as unknown as { password: string };
    return await new ArgocdClient(network, host).login("admin", Buffer.from(password, "base64").toString());
  } finally {
    client.close();
  }
}

async function programs(): Promise<Record<string, string>> {
  const { argocd, kubectl } = await ensureTools(["argocd", "kubectl"], { cacheDir: toolCache() });
  return { argocd: argocd.path, kubectl: kubectl.path };
}
