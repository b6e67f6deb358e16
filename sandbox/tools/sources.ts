import { Unavailable } from "./tool";

/** Environment variable that says where downloads come from: `off`, or the base address of a mirror. */
export const downloadsVariable = "ACKONE_TOOL_DOWNLOADS";

/** How long a server may take to say something: with the probe before it, half of what falling through may take. */
const answerLimit = 4_500;
/** How long a download may stand still. */
const stallLimit = 30_000;

/**
 * Where official downloads come from. A mirror keeps them under the name of the official host:
 * `https://dl.k8s.io/release/…` is `<mirror>/dl.k8s.io/release/…`.
 */
export class Sources {
  /** @param from `off` for no downloads at all, the address of a mirror, or undefined for the official hosts. */
  constructor(readonly from?: string) {}

  get off(): boolean {
    return this.from === "off";
  }

  get mirror(): string | undefined {
    return this.off ? undefined : this.from?.replace(/\/+$/, "");
  }

  /** Where an official address is really fetched from. */
  address(official: string): string {
    return this.mirror ? official.replace(/^https:\/\//, `${this.mirror}/`) : official;
  }

  /**
   * Asks for each address once, all at the same time, without downloading anything.
   * @returns why an address can't be had; addresses that answer are absent.
   */
  async probe(officials: string[], signal: AbortSignal): Promise<Map<string, string>> {
    const unreachable = new Map<string, string>();
    const ask = async (official: string) => {
      if (this.off) return unreachable.set(official, `downloads are switched off by ${downloadsVariable}`);
      try {
        await this.answer(official, signal, { method: "HEAD", redirect: "manual" });
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
        unreachable.set(official, error.message);
      }
    };
    await Promise.all([...new Set(officials)].map(ask));
    return unreachable;
  }

  /** A small text, such as a list of checksums; undefined when the server says that there is none. */
  async text(official: string, signal: AbortSignal): Promise<string | undefined> {
    const chunks: Uint8Array[] = [];
    try {
      for await (const { chunk } of this.bytes(official, signal)) chunks.push(chunk);
    } catch (error) {
      if (error instanceof NotThere) return undefined;
      throw error;
    }
    return Buffer.concat(chunks).toString("utf8");
  }

  /** The bytes behind an address, with their number if the server says it. Ends when nothing comes any more. */
  async *bytes(official: string, signal: AbortSignal): AsyncGenerator<{ chunk: Uint8Array; total?: number }> {
    const stalled = new AbortController();
    const response = await this.answer(official, AbortSignal.any([signal, stalled.signal]));
    const total = Number(response.headers.get("content-length")) || undefined;
    const host = hostOf(this.address(official));
    const giveUp = () => stalled.abort(new Unavailable(`${host} sent nothing for ${stallLimit / 1000} s`));
    let watch = setTimeout(giveUp, stallLimit);
    try {
      for await (const chunk of response.body ?? []) {
        clearTimeout(watch);
        yield { chunk, total };
        watch = setTimeout(giveUp, stallLimit);
      }
    } catch (error) {
      signal.throwIfAborted();
      throw unavailable(error, host);
    } finally {
      clearTimeout(watch);
    }
  }

  private async answer(official: string, signal: AbortSignal, init: RequestInit = {}): Promise<Response> {
    const address = this.address(official);
    const host = hostOf(address);
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new Unavailable(`${host} did not answer`)), answerLimit);
    try {
      const response = await fetch(address, { ...init, signal: AbortSignal.any([signal, late.signal]) });
      if (response.status < 400) return response;
      await response.body?.cancel();
      if (response.status === 404) throw new NotThere(`${host} does not have ${address}`);
      throw new Unavailable(`${host} answers ${response.status}`);
    } catch (error) {
      signal.throwIfAborted();
      throw unavailable(error, host);
    } finally {
      clearTimeout(timer);
    }
  }
}

class NotThere extends Unavailable {}

function hostOf(address: string): string {
  return new URL(address).host;
}

/** `fetch` hides the reason in the cause of its error. */
function unavailable(error: unknown, host: string): Unavailable {
  if (error instanceof Unavailable) return error;
  const { cause, message } = error as Error & { cause?: { code?: string; message?: string } };
  const known: Record<string, string> = {
    ENOTFOUND: "is not known here",
    EAI_AGAIN: "is not known here",
    ECONNREFUSED: "refuses the connection",
    ECONNRESET: "closed the connection",
    UND_ERR_SOCKET: "closed the connection",
    UND_ERR_CONNECT_TIMEOUT: "did not answer",
  };
  return new Unavailable(
    `${host} ${known[cause?.code ?? ""] ?? `can't be reached (${cause?.message || message})`}`,
  );
}
