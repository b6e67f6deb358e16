import { gunzipSync } from "node:zlib";
import { expect } from "chai";
import { list } from "tar";
import { type Blob, packImage, packIndex } from "../../builder/image";
import { Folders } from "./folders";

describe("a packed image", () => {
  const folders = new Folders();
  afterEach(() => folders.remove());
  const created = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
  const long = `${"deep/".repeat(30)}file`;
  const pack = async (platform = "linux/amd64", time = created) => {
    const dockerfile = 'FROM scratch\nLABEL team=a\nCOPY --chown=7:8 . /app/\nCMD ["/app/run"]\n';
    const { stage } = await folders.build(dockerfile, { run: "#!", [long]: "text" });
    return packImage(stage, { platform, created: time, labels: { revision: "abc" } });
  };
  const parse = <T>({ bytes }: Blob) => JSON.parse(bytes.toString("utf8")) as T;

  it("has the files of the last stage, with folders, owners and long names", async () => {
    const { blobs } = await pack();
    const found: Record<string, [number | undefined, number | undefined]> = {};
    const reader = list({
      sync: false,
      onReadEntry: (entry) => {
        found[entry.path] = [entry.uid, entry.gid];
      },
    });
    await new Promise<void>((resolve, reject) => {
      reader.on("end", resolve).on("error", reject);
      reader.end(gunzipSync(blobs[1]?.bytes ?? Buffer.alloc(0)));
    });
    expect(found).to.include.keys("app/", "app/run", `app/${long}`);
    expect(found["app/run"]).to.deep.equal([7, 8]);
    expect(found["app/"]).to.deep.equal([0, 0]);
  });

  it("says when it was created to the millisecond, and what each step did", async () => {
    const { blobs } = await pack();
    const config = parse<{
      created: string;
      config: object;
      history: object[];
      rootfs: { diff_ids: string[] };
    }>(blobs[0] as Blob);
    expect(config.created).to.equal("2026-01-02T03:04:05.678Z");
    expect(config.config).to.deep.equal({ Cmd: ["/app/run"], Labels: { team: "a", revision: "abc" } });
    expect(config.history).to.have.lengthOf(3);
    expect(config.history[0]).to.include({ created_by: "LABEL team=a", empty_layer: true });
    expect(config.rootfs.diff_ids).to.have.lengthOf(1);
  });

  it("is the same for the same sources and time, and another one for another time", async () => {
    const { digest } = (await pack()).manifest;
    expect((await pack()).manifest.digest).to.equal(digest);
    expect((await pack("linux/amd64", created + 1)).manifest.digest).not.to.equal(digest);
  });

  it("is one of several in an index, each with its platform", async () => {
    const images = [await pack("linux/amd64"), await pack("linux/arm/v7")];
    const index = parse<{ manifests: { digest: string; platform: object }[] }>(packIndex(images));
    expect(index.manifests.map(({ digest, platform }) => [digest, platform])).to.deep.equal([
      [images[0]?.manifest.digest, { os: "linux", architecture: "amd64" }],
      [images[1]?.manifest.digest, { os: "linux", architecture: "arm", variant: "v7" }],
    ]);
  });
});
