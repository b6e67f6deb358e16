/** The plugin process: what `pulumi-resource-ackone` starts. */
import { AckoneProvider } from "./provider";
import { serveProvider } from "./server";

serveProvider(new AckoneProvider()).catch((error: Error) => {
  process.stderr.write(`ackone: ${error.message}\n`);
  process.exit(1);
});
