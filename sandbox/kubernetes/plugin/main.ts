/** The plugin process: what `pulumi-resource-kubernetes` starts. */
import { serveProvider } from "../../../provider/plugin/server";
import { KubernetesProvider } from "./provider";

serveProvider(new KubernetesProvider()).catch((error: Error) => {
  process.stderr.write(`kubernetes: ${error.message}\n`);
  process.exit(1);
});
