/** What a running sandbox tells whoever wants to use it: written to `run.json`, given by `startSandbox`. */
export interface SandboxInfo {
  pid: number;
  /** The sandbox's folder. */
  home: string;
  /** Loopback address of the daemon's control surface, e.g. `http://127.0.0.1:40211`. */
  control: string;
  alibaba: { /** host:port */ http: string /** host:port */; https: string };
  github: { /** e.g. `http://127.0.0.1:40212` */ url: string };
  /** HTTPS proxy to hosts that exist in the sandbox alone, e.g. `http://127.0.0.1:40213`. */
  proxy: string;
  /** PEM file: the system's roots and the sandbox's own certificate authority. */
  caBundle: string;
  /** Folder with the `pulumi` command and the Node language host. */
  engineBin: string;
  /** What the engine needs in its environment to use the sandbox's plugins and nothing else. */
  engineEnvironment: Record<string, string>;
}
