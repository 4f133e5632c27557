// The camera's video of a set, kept on this device if the person says so.
const KINDS = ["video/mp4", "video/webm;codecs=vp9", "video/webm"];

export class Film {
  constructor(stream) {
    const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    this.parts = [];
    this.recorder = new MediaRecorder(stream, { mimeType, videoBitsPerSecond: 2_500_000 });
    this.recorder.ondataavailable = ({ data }) => this.parts.push(data);
    this.recorder.onstart = () => { this.begun = performance.now(); };
    this.recorder.start(1000);
  }

  // ``{ video, offsetS }``: the time in it at which the set's clock, begun at ``begunAt``, was 0.
  async end(begunAt) {
    if (this.recorder.state !== "inactive") {
      await new Promise((done) => { this.recorder.onstop = done; this.recorder.stop(); });
    }
    return { video: new Blob(this.parts, { type: this.recorder.mimeType }), offsetS: (begunAt - this.begun) / 1000 };
  }
}
