(() => {
  // The player's own controls: frame by frame, slowly, one repetition over and over, from fault to fault, two in step.
  const player = document.querySelector(".player");
  const videos = [...player.querySelectorAll("video")];
  const main = videos[0];
  const reps = [...document.querySelectorAll("tr[data-rep]")].map((row) => ({
    row, number: Number(row.dataset.rep), recording: row.dataset.recording,
    startS: Number(row.dataset.atS), bottomS: Number(row.dataset.bottomS), endS: Number(row.dataset.endS),
    score: row.dataset.score === "" ? null : Number(row.dataset.score),
  }));
  const faults = [...document.querySelectorAll(".cell[data-at-s]")]
    .filter((cell) => cell.querySelector(".sign.warn, .sign.fail"))
    .map((cell) => ({ atS: Number(cell.dataset.atS), recording: cell.dataset.recording, cell }))
    .sort((a, b) => (a.recording ?? "").localeCompare(b.recording ?? "") || a.atS - b.atS);
  let looped = null;
  let current = 0;
  let fault = -1;

  const aheadS = (video) => Number(video.dataset.aheadS) + Number(video.dataset.beginsS ?? 0);
  const shown = (recording) => (recording ? videos.filter((video) => video.dataset.recording === recording) : videos);
  const nowS = (video) => video.currentTime - aheadS(video);
  const said = document.createElement("p");
  said.className = "small";
  said.setAttribute("role", "status");

  function seek(seconds, recording) {
    for (const video of shown(recording)) video.currentTime = Math.max(0, seconds + aheadS(video));
  }

  function playing(video) { return !video.paused && !video.ended; }

  function toggle() {
    const its = shown(reps[current]?.recording);
    if (its.some(playing)) its.forEach((video) => video.pause());
    else its.forEach((video) => video.play().catch(() => {}));
  }

  function step(frames) {
    for (const video of shown(reps[current]?.recording)) {
      video.pause();
      video.currentTime = Math.max(0, video.currentTime + frames * Number(video.dataset.frameS));
    }
  }

  function speed(rate) {
    for (const video of player.querySelectorAll("video")) video.playbackRate = rate;
    slow.value = String(rate);
  }

  function go(index) {
    if (!reps.length) return;
    current = Math.min(Math.max(index, 0), reps.length - 1);
    if (looped) looped = reps[current];
    seek(reps[current].startS, reps[current].recording);
    said.textContent = `Repetition ${reps[current].number}`;
  }

  function goFault(by) {
    if (!faults.length) { said.textContent = "No fault to go to."; return; }
    fault = (fault + by + faults.length) % faults.length;
    const { atS, recording, cell } = faults[fault];
    videos.forEach((video) => video.pause());
    seek(atS, recording);
    said.textContent = `Fault ${fault + 1} of ${faults.length}: ${cell.textContent.trim()}`;
  }

  function loop(isOn) {
    looped = isOn ? reps[current] : null;
    again.setAttribute("aria-pressed", String(isOn));
    if (isOn) { seek(looped.startS, looped.recording); shown(looped.recording).forEach((video) => video.play().catch(() => {})); }
  }

  function follow() {
    const here = nowS(shown(reps[current]?.recording)[0] ?? main);
    if (looped && (here >= looped.endS || here < looped.startS - 0.5)) seek(looped.startS, looped.recording);
    if (!looped) {
      const at = reps.findIndex((rep) => (!rep.recording || rep.recording === main.dataset.recording) && here >= rep.startS && here <= rep.endS);
      if (at >= 0) current = at;
    }
    requestAnimationFrame(follow);
  }

  // The phase of one repetition as a time of another: down to down, up to up.
  function inStep(from, to, seconds) {
    const isDown = seconds < from.bottomS;
    const [a, b] = isDown ? [from.startS, from.bottomS] : [from.bottomS, from.endS];
    const [c, d] = isDown ? [to.startS, to.bottomS] : [to.bottomS, to.endS];
    return { atS: c + ((seconds - a) / (b - a)) * (d - c), pace: (d - c) / (b - a) };
  }

  function beside() {
    const [worst, best] = [ghost.worst, ghost.best].map((number) => reps.find((rep) => rep.number === number));
    const source = itsVideo();
    const box = document.createElement("div");
    box.className = "beside";
    const both = [[worst, "Worst"], [best, "Best"]].map(([rep, word]) => {
      const figure = box.appendChild(document.createElement("figure"));
      const video = figure.appendChild(document.createElement("video"));
      Object.assign(video, { src: source.currentSrc || source.src, muted: true, playsInline: true });
      figure.appendChild(document.createElement("figcaption")).textContent = `${word}: repetition ${rep.number}, ${rep.score} of 100`;
      video.addEventListener("loadedmetadata", () => { video.currentTime = rep.startS + aheadS(source); }, { once: true });
      return video;
    });
    player.querySelector(".videos").after(box);
    videos.forEach((video) => video.pause());
    const move = () => {
      if (!box.isConnected) return;
      const [left, right] = both;
      const here = left.currentTime - aheadS(source);
      if (here >= worst.endS) left.currentTime = worst.startS + aheadS(source);
      const { atS, pace } = inStep(worst, best, Math.min(Math.max(here, worst.startS), worst.endS));
      const off = atS + aheadS(source) - right.currentTime;
      left.playbackRate = Number(slow.value);
      right.playbackRate = Math.min(4, Math.max(0.1, Number(slow.value) * pace));
      if (Math.abs(off) > 0.12 && !right.seeking) right.currentTime = atS + aheadS(source);
      requestAnimationFrame(move);
    };
    for (const video of both) video.play().catch(() => {});
    requestAnimationFrame(move);
    return box;
  }

  const itsVideo = () => videos.find((video) => Number(video.dataset.recording) === ghost.recording) ?? main;

  // The worst repetition over and over, with the best one laid over it, in step.
  function haunt() {
    const [video, laid] = [itsVideo(), ghost.over()];
    if (!video.parentElement.matches(".laid")) {
      const box = document.createElement("div");
      box.className = "laid";
      video.replaceWith(box);
      box.append(video);
    }
    video.parentElement.append(laid.element);
    const before = looped;
    go(reps.findIndex((rep) => rep.number === ghost.worst));
    loop(true);
    const move = () => {
      if (!laid.element.isConnected) return;
      const here = nowS(video);
      laid.element.style.visibility = here >= ghost.startS && here <= ghost.endS ? "" : "hidden";
      laid.at(here);
      requestAnimationFrame(move);
    };
    move();
    return { remove: () => { laid.element.remove(); loop(before !== null); } };
  }

  async function copyLink() {
    const link = `${location.href.split("#")[0]}#rep-${reps[current].number}`;
    try {
      await navigator.clipboard.writeText(link);
      said.textContent = `Link to repetition ${reps[current].number} copied.`;
    } catch {
      said.textContent = link;
    }
  }

  const bar = document.createElement("div");
  bar.className = "controls";
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", "Player");
  function button(words, title, act) {
    const made = bar.appendChild(document.createElement("button"));
    Object.assign(made, { type: "button", textContent: words, title, onclick: act });
    made.setAttribute("aria-label", `${words}: ${title.split(" (")[0]}`);
    return made;
  }
  button("‹ frame", "One picture back (,)", () => step(-1));
  button("play", "Play or pause (K)", toggle);
  button("frame ›", "One picture on (.)", () => step(1));
  const box = bar.appendChild(document.createElement("label"));
  box.textContent = "speed ";
  const slow = box.appendChild(document.createElement("select"));
  for (const [rate, words] of [["0.25", "¼"], ["0.5", "½"], ["0.75", "¾"], ["1", "1"]]) slow.append(new Option(words, rate));
  slow.value = "1";
  slow.onchange = () => speed(Number(slow.value));
  const again = button("loop", "Repeat this repetition (L)", () => loop(looped === null));
  again.setAttribute("aria-pressed", "false");
  button("‹ fault", "The fault before (P)", () => goFault(-1));
  button("fault ›", "The next fault (N)", () => goFault(1));
  // A button that shows something until it is pressed again.
  function switched(words, title, begin) {
    let shownNow = null;
    const made = button(words, title, () => {
      if (shownNow) { shownNow.remove(); shownNow = null; } else shownNow = begin();
      made.setAttribute("aria-pressed", String(shownNow !== null));
    });
    made.setAttribute("aria-pressed", "false");
  }
  if (ghost) {
    switched("worst | best", "The worst repetition beside the best, in step (B)", beside);
    switched("ghost", "The best repetition laid over the worst (G)", haunt);
  }
  if (reps.length) button("link", "Copy a link to this repetition", copyLink);
  const keys = bar.appendChild(document.createElement("label"));
  const areKeys = Object.assign(document.createElement("input"), { type: "checkbox", checked: true });
  keys.append(areKeys, " keys");
  keys.title = "Letters control the player: , . K L N P B G, 1 to 9 for a repetition";
  player.querySelector(".videos").after(bar, said);

  const WAYS = {
    ",": () => step(-1), ".": () => step(1), k: toggle, l: () => loop(looped === null), n: () => goFault(1), p: () => goFault(-1),
    b: () => bar.querySelector("[title*='(B)']")?.click(), g: () => bar.querySelector("[title*='(G)']")?.click(),
  };
  document.addEventListener("keydown", (event) => {
    const isField = event.target.closest("input, select, textarea, [contenteditable]");
    if (!areKeys.checked || isField || event.ctrlKey || event.metaKey || event.altKey) return;
    const way = WAYS[event.key.toLowerCase()] ?? (/^[1-9]$/.test(event.key) ? () => go(Number(event.key) - 1) : null);
    if (!way) return;
    event.preventDefault();
    way();
  });

  function fromAddress() {
    const number = Number(location.hash.match(/^#rep-(\d+)$/)?.[1]);
    const index = reps.findIndex((rep) => rep.number === number);
    if (index < 0) return;
    go(index);
    reps[index].row.scrollIntoView({ block: "center" });
  }
  window.addEventListener("hashchange", fromAddress);
  const begin = () => { fromAddress(); requestAnimationFrame(follow); };
  if (main.readyState >= 1) begin();
  else main.addEventListener("loadedmetadata", begin, { once: true });
})();
