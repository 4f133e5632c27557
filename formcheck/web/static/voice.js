// What is said aloud: help with the set-up, the count, and cues; only while the voice is on.
const AGAIN_MS = 6000;

export class Voice {
  constructor(isOn) {
    this.isOn = isOn;
    this.stage = "";
    this.advice = "";
    this.adviceAt = -Infinity;
    this.cueSince = null;
    this.left = [];
  }

  hear(state) {
    if (!this.isOn() || !window.speechSynthesis) return;
    if (state.finished.length) this.left = [String(state.rep_count)]; // what is older is not worth saying
    if (state.stage !== this.stage) {
      this.stage = state.stage;
      if (state.stage === "baseline") this.left.push("Good. Stand still.");
      if (state.stage === "set") this.left.push("Go.");
    }
    const now = performance.now();
    if (state.advice && (state.advice !== this.advice || now - this.adviceAt > AGAIN_MS) && now - this.adviceAt > AGAIN_MS / 2) {
      [this.advice, this.adviceAt] = [state.advice, now];
      this.left.push(state.advice);
    }
    if (speechSynthesis.speaking) return; // what is still shown afterwards is said then
    if (state.cue && state.cue.since_s !== this.cueSince) {
      this.cueSince = state.cue.since_s;
      this.left.push(state.cue.text);
    }
    this.say(this.left.splice(0).join(" "));
  }

  say(line) {
    if (line && this.isOn() && window.speechSynthesis) speechSynthesis.speak(new SpeechSynthesisUtterance(line));
  }
}
