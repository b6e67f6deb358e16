import { expect } from "chai";
import { describeUpdater } from "../../image-updater";
import { Log } from "../../image-updater/log";
import { inParallel, Queues } from "../../image-updater/parallel";
import { readSettings } from "../../image-updater/settings";

describe("Image Updater stand-in: the process", () => {
  const files = ["--home=/h", "--kubeconfig=/k", "--names=/n", "--ca=/c"];

  it("has the real one's defaults", () => {
    expect(readSettings(files, {})).to.deep.equal({
      interval: 120_000,
      healthPort: 8080,
      maxConcurrency: 10,
      namespace: "argocd",
      release: "v0.16",
      logLevel: "info",
      home: "/h",
      kubeconfigFile: "/k",
      namesFile: "/n",
      caFile: "/c",
    });
  });

  it("takes variables where there is no argument", () => {
    const environment = { UPDATER_HOME: "/h", KUBECONFIG: "/k", UPDATER_NAMES: "/n", SSL_CERT_FILE: "/c" };
    const given = { ...environment, IMAGE_UPDATER_INTERVAL: "1m30s" };
    expect(readSettings(["--home=/other"], given)).to.include({
      home: "/other",
      kubeconfigFile: "/k",
      interval: 90_000,
    });
  });

  it("runs once without a health check", () => {
    expect(readSettings([...files, "--once", "--interval=5s"], {})).to.include({
      interval: 0,
      healthPort: 0,
    });
  });

  it("refuses what it can't use, by the argument's name", () => {
    const refusal = (...args: string[]) => expect(() => readSettings([...files, ...args], {}));
    refusal("--interval=2 minutes").to.throw(/not a duration/);
    refusal("--max-concurrency=0").to.throw("--max-concurrency must be at least 1");
    refusal("--release=v1.0").to.throw(/--release: v1.0 is none of v0.12/);
    refusal("--password=x").to.throw(/Unknown option '--password'/);
    expect(() => readSettings([], {})).to.throw("--home is missing, and UPDATER_HOME isn't set");
  });

  it("is described with files in its arguments and no secrets", () => {
    const spec = describeUpdater({
      home: "/h",
      kubeconfigFile: "/k",
      namesFile: "/n",
      caFile: "/c",
      healthPort: 20_001,
      interval: "1s",
      proxy: "http://127.0.0.1:20002",
      logFile: "/log",
      pidFile: "/pid",
    });
    expect(spec.args.slice(1)).to.have.members([
      ...files,
      "--health-port=20001",
      "--interval=1s",
      "--loglevel=debug",
    ]);
    expect(spec.env).to.include({ HTTPS_PROXY: "http://127.0.0.1:20002" });
  });

  it("writes lines as logrus does", () => {
    const lines: string[] = [];
    const log = new Log((line) => lines.push(line), "info", { application: "echo-dev" });
    log.with({ alias: "app", image_tag: "v1:2" }).warn('it says "no"\nand more');
    log.debug("not at this level");
    expect(lines).to.have.length(1);
    expect(lines[0]?.replace(/"20[^"]+Z"/, "TIME")).to.equal(
      'time=TIME level=warning msg="it says \\"no\\"\\nand more" alias=app application=echo-dev image_tag="v1:2"\n',
    );
  });

  it("works on some at a time, and on one at a time for a key", async () => {
    let running = 0;
    let most = 0;
    const work = async (item: number) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return item * 2;
    };
    expect(await inParallel([1, 2, 3, 4, 5], 2, work)).to.deep.equal([2, 4, 6, 8, 10]);
    expect(most).to.equal(2);
    most = 0;
    const queues = new Queues();
    const order: number[] = [];
    const failing = queues.run("a", () => Promise.reject(new Error("lost")));
    const rest = [1, 2, 3].map((item) => queues.run("a", async () => void order.push(await work(item))));
    await failing.catch(() => undefined);
    await Promise.all(rest);
    expect(most).to.equal(1);
    expect(order).to.deep.equal([2, 4, 6]);
  });
});
