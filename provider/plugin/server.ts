/** Serves a provider to the engine: gRPC on a free loopback port, which is printed as the first line of the output. */
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { handlers } from "./handlers";
import type { ProviderServer } from "./protocol";

export interface Serving {
  port: number;
  stop(): Promise<void>;
}

/** Starts serving on a free port of the loopback interface. */
export async function listen(provider: ProviderServer): Promise<Serving> {
  // Kubeconfigs and CRDs don't fit gRPC's default of 4 MB a message for long.
  const server = new grpc.Server({
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  server.addService(ResourceProviderService, handlers(provider));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  const stop = () => new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
  return { port, stop };
}

/**
 * Runs a provider as a plugin process: prints the port, and ends with the engine that started it. The engine holds the
 * other end of the standard input open for as long as it lives, even when it is killed.
 */
export async function serveProvider(provider: ProviderServer): Promise<void> {
  const { port } = await listen(provider);
  const end = () => process.exit(0);
  process.stdin.on("end", end).on("close", end).on("error", end).resume();
  // The engine interrupts its plugins when it is done, and waits five seconds for those that don't end.
  process.on("SIGINT", end).on("SIGTERM", end);
  // Last, because from here on the engine may end it.
  process.stdout.write(`${port}\n`);
}
