/** A fresh cloud and a provider configured for it, before each test of a suite; both are gone after it. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClientSettings } from "../../provider/openapi/client";
import { selfSigned } from "./certificates";
import { Cloud } from "./cloud";
import { Plugin } from "./plugin";

export interface Fixture {
  cloud: Cloud;
  plugin: Plugin;
}

export interface FixtureOptions {
  client?: Partial<ClientSettings>;
  /** Serve `cs` over TLS, with a certificate that only `SSL_CERT_FILE` makes trusted. */
  tls?: boolean;
}

/** Call it inside `describe`; the properties are there inside the tests. */
export function useProvider({ client, tls }: FixtureOptions = {}): Fixture {
  const fixture = {} as Fixture;
  let folder: string | undefined;

  beforeEach(async () => {
    const pair = tls ? await selfSigned() : undefined;
    const env: Record<string, string> = {};
    if (pair) {
      folder = await mkdtemp(join(tmpdir(), "ackone-test-"));
      env["SSL_CERT_FILE"] = join(folder, "bundle.pem");
      await writeFile(env["SSL_CERT_FILE"], pair.certificate);
    }
    fixture.cloud = await Cloud.start(pair);
    fixture.plugin = await Plugin.start(fixture.cloud, client, env);
  });

  afterEach(async () => {
    await fixture.plugin.stop();
    await fixture.cloud.stop();
    if (folder) await rm(folder, { recursive: true });
  });

  return fixture;
}
