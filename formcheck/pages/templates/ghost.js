"use strict";
// The worst repetition with the best one behind it as a ghost. What is seen of either, phase by phase, is in the page;
// the drawing of its own moves by its slider, and the player lays the ghost over its video. null without two of them.
const ghost = (() => {
  const told = document.getElementById("in-step-frames");
  if (!told) return null;
  const { worst, best, recording, size, passed_s: [startS, bottomS, endS] } = JSON.parse(told.textContent);
  const last = worst.frames.length - 1;
  const svg = document.querySelector(".in-step");

  // Points at a phase from 0 over 1, the bottom, to 2, between two pictures linearly; null where one has not seen it.
  function points(frames, phase) {
    const at = Math.min(Math.max((phase / 2) * last, 0), last);
    const [from, to, share] = [frames[Math.floor(at)], frames[Math.ceil(at)], at % 1];
    return from.map((value, place) => (value === null || to[place] === null ? null : value + share * (to[place] - value)));
  }

  function place(element, values) {
    const isSeen = Object.values(values).every((value) => value !== null);
    element.setAttribute("visibility", isSeen ? "visible" : "hidden");
    if (isSeen) for (const [name, value] of Object.entries(values)) element.setAttribute(name, value.toFixed(1));
  }

  function move(group, frames, phase) {
    const at = points(frames, phase);
    for (const part of group.children) {
      const { from, to, at: middle } = part.dataset;
      if (middle !== undefined) place(part, { cx: at[2 * middle], cy: at[2 * middle + 1] });
      else place(part, { x1: at[2 * from], y1: at[2 * from + 1], x2: at[2 * to], y2: at[2 * to + 1] });
    }
  }

  const phaseAt = (seconds) => (seconds < bottomS ? (seconds - startS) / (bottomS - startS) : 1 + (seconds - bottomS) / (endS - bottomS));
  const secondsAt = (phase) => (phase < 1 ? startS + phase * (bottomS - startS) : bottomS + (phase - 1) * (endS - bottomS));

  // The ghost alone, to lie over a picture of the recording; ``at`` moves it to a time of the worst repetition.
  function over() {
    const made = svg.cloneNode(true);
    made.querySelector(".worst").remove();
    made.setAttribute("viewBox", `0 0 ${size.join(" ")}`);
    made.setAttribute("aria-hidden", "true");
    const group = made.querySelector(".best");
    return { element: made, at: (seconds) => move(group, best.frames, phaseAt(seconds)) };
  }

  function controls() {
    const bar = document.querySelector(".in-step-controls");
    const [button, slider] = [bar.querySelector("button"), bar.querySelector("input")];
    let playing = false;
    let before = 0;
    function show() {
      const phase = Number(slider.value);
      move(svg.querySelector(".worst"), worst.frames, phase);
      move(svg.querySelector(".best"), best.frames, phase);
      slider.setAttribute("aria-valuetext", phase === 1 ? "bottom" : phase < 1 ? `${Math.round(100 * phase)} % down` : `${Math.round(100 * (phase - 1))} % up`);
    }
    function step(now) {
      if (!playing) return;
      const seconds = secondsAt(Number(slider.value)) + (now - before) / 1000;
      before = now;
      slider.value = seconds >= endS ? 0 : phaseAt(seconds);
      show();
      requestAnimationFrame(step);
    }
    function play(isOn) {
      playing = isOn;
      button.textContent = isOn ? "Pause" : "Play";
      if (isOn) requestAnimationFrame((now) => { before = now; step(now); });
    }
    button.onclick = () => play(!playing);
    slider.oninput = () => { play(false); show(); };
    bar.hidden = false;
    show();
  }
  controls();
  return { worst: worst.number, best: best.number, recording, startS, endS, over };
})();
