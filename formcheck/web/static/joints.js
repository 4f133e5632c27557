// Joints found on this device: a worker is asked, where the browser and the server have what it takes.
const SIMD = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11]);
let files = null;

// Why joints cannot be found here; empty where they can, as far as is known before it is tried.
export async function whyNotHere() {
  if (!window.Worker || !window.OffscreenCanvas || !window.createImageBitmap) return "this browser has no workers for it";
  if (!window.WebAssembly || !WebAssembly.validate(SIMD)) return "this browser lacks fast WebAssembly (SIMD)";
  try {
    files ??= await (await fetch("/api/vision")).json();
  } catch {
    return "the server does not answer";
  }
  return files.addresses["model.task"] ? "" : "this server came without the code for it";
}

export const heavyFiles = () => files.addresses;
export const canDecode = () => "VideoDecoder" in window;

export class Landmarker {
  // ``onLoading`` is told how much of the heavy files has come, 0 to 1.
  static async open(onLoading = () => {}) {
    const here = new Landmarker(onLoading);
    await here.#ask({ do: "open", files: files.addresses, bytes: files.bytes });
    return here;
  }

  constructor(onLoading) {
    this.onLoading = onLoading;
    this.waiting = [];
    this.worker = new Worker("/static/landmarker.js", { type: "module" });
    this.worker.onmessage = ({ data }) => this.#take(data);
    this.worker.onerror = () => this.#take({ did: true, error: "the worker could not be started" });
  }

  // ``{ row }`` of one picture; the bitmap is used up.
  frame(bitmap, seconds) {
    return this.#ask({ do: "frame", bitmap, seconds }, [bitmap]);
  }

  // ``{ rows, offsetS }`` of a file: the rows of all its pictures, and the time of the first of them in the file.
  async video(file, mirrored, onLooked) {
    this.onLooked = onLooked;
    return this.#ask({ do: "video", file, mirrored });
  }

  // What is being looked at is given up.
  close() {
    if (this.waiting.length) {
      this.worker.terminate();
      for (const { fail } of this.waiting.splice(0)) fail(new Error("cancelled"));
    } else {
      this.#ask({ do: "close" }).finally(() => this.worker.terminate());
    }
  }

  #ask(message, moved = []) {
    return new Promise((done, fail) => {
      this.waiting.push({ done, fail, got: {} });
      this.worker.postMessage(message, moved);
    });
  }

  #take(data) {
    const [first] = this.waiting;
    if (!first) return;
    if (data.loading !== undefined) return this.onLoading(data.loading);
    if (data.looked !== undefined) return this.onLooked(data.looked);
    if (!data.did) return void Object.assign(first.got, data);
    this.waiting.shift();
    if (data.error) first.fail(new Error(data.error));
    else first.done(first.got);
  }
}
