/**
 * A process that installs the Pulumi CLI with the Automation API and nothing else.
 * Arguments: folder, version, and the address of a mirror or an empty string.
 */
import { PulumiCommand } from "@pulumi/pulumi/automation/cmd";
import { SemVer } from "semver";
import { Sources } from "./sources";

const [root, version, mirror] = process.argv.slice(2) as [string, string, string];

/**
 * The Automation API has one fixed address for the installation script, and the script has its own for the
 * release. With a mirror, both are exchanged on the way.
 */
function installFrom(sources: Sources): void {
  const official = globalThis.fetch;
  globalThis.fetch = async (address, init) => {
    const response = await official(sources.address(String(address)), init);
    const script = await response.text();
    const mirrored = script.replace(/https:\/\/(get\.pulumi\.com|github\.com)/g, (host) =>
      sources.address(host),
    );
    return new Response(mirrored, { status: response.status, statusText: response.statusText });
  };
}

if (mirror) installFrom(new Sources(mirror));
PulumiCommand.install({ root, version: new SemVer(version) }).catch((error: Error) => {
  console.error(error.message.trim());
  process.exitCode = 1;
});
