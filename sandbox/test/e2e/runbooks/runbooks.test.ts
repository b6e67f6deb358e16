import { openEngine } from "../../../engine/engine";
import { type OperatorContext, openOperator, operations } from "../../../operations/index";
import { buildsOf } from "../../../operator";
import type { Sandbox } from "../../../sandbox";
import { succeed } from "../support/runs";
import { useSandbox } from "../support/test-sandbox";
import { perform } from "./perform";
import { runs, type Stage } from "./scenario";
import { scenarios } from "./scenarios/index";
import { Typist } from "./typist";

const services = ["echo", "greeter"];

/** A person who knows the consoles of this sandbox, and types nothing on the screen. */
function operatorOf(sandbox: Sandbox): Promise<OperatorContext> {
  return openOperator(sandbox.info, {
    consoles: {
      builds: async () => buildsOf((await sandbox.pipeline()).builds),
      buildLog: async (id) => sandbox.alibaba.buildLog(id).map(({ message }) => message),
    },
    print: () => {},
  });
}

describe("The runbooks", function () {
  this.timeout(900_000);
  this.bail(true); // each scenario begins where the one before it ended
  const sandbox = useSandbox({ updaterInterval: "3s" });
  let context: OperatorContext;

  before("the platform is up, and v1.0.0 runs everywhere", async () => {
    const engine = await openEngine(sandbox().info, "dev");
    await succeed(engine, "up");
    context = await operatorOf(sandbox());
    const stage = { sandbox: sandbox(), context } as Stage;
    for (const service of services) await operations["release"]!.run(context, [service, "v1.0.0"]);
    for (const service of services) await runs(service, "dev", "v1.0.0").run(stage);
    for (const service of services) {
      for (const environment of ["staging", "production"]) {
        await operations["promote"]!.run(context, [service, environment]);
        await runs(service, environment, "v1.0.0").run(stage);
      }
    }
  });

  for (const scenario of scenarios) {
    it(`${scenario.document} ${scenario.name}`, async () => {
      const typist = new Typist(context.stackFolder, context.environment);
      try {
        await perform(scenario, { sandbox: sandbox(), context, typist, printed: "" });
      } finally {
        typist.leave();
      }
    });
  }
});
