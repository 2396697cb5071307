"use strict";
// Plays frames that were made beforehand. What a program printed is only ever text: nothing here makes markup of it.
(async () => {
  const KEY = 64; // frames between two whole screens
  const el = (id) => document.getElementById(id);
  const packed = Uint8Array.from(atob(el("data").textContent), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const data = await new Response(stream).json();
  const { rows, styles, links, frames, commands } = data;
  const end = Math.max(data.end, frames.length ? frames[frames.length - 1][0] : 0);

  // Screens are lists of numbers of rows; every so many frames one is kept whole.
  const wholes = [];
  const step = (state, frame) => {
    if (frame.length > 4) {
      [state.cols, state.lines] = [frame[4], frame[5]];
      state.rows.length = state.lines;
      for (let y = 0; y < state.lines; y++) state.rows[y] ??= 0;
    }
    for (let i = 0; i < frame[1].length; i += 2) state.rows[frame[1][i]] = frame[1][i + 1];
    [state.x, state.y] = [frame[2], frame[3]];
  };
  const copy = (state) => ({ ...state, rows: state.rows.slice() });
  {
    const state = { cols: data.cols, lines: data.lines, rows: Array(data.lines).fill(0), x: -1, y: -1 };
    frames.forEach((frame, i) => {
      step(state, frame);
      if (i % KEY === 0) wholes.push(copy(state));
    });
  }
  const last = (list, at, of) => { // how many stand at or before a time
    let [low, high] = [0, list.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (of(list[middle]) <= at) low = middle + 1; else high = middle;
    }
    return low - 1;
  };

  const color = (c) => {
    if (typeof c === "string") return c;
    if (c < 16) return `var(--c${c})`;
    if (c >= 232) { const g = 8 + (c - 232) * 10; return `rgb(${g},${g},${g})`; }
    const level = (n) => (n === 0 ? 0 : 55 + n * 40);
    const n = c - 16;
    return `rgb(${level((n / 36) | 0)},${level(((n / 6) | 0) % 6)},${level(n % 6)})`;
  };
  const dress = (span, [fg, bg, attrs, underline, ucolor]) => {
    let front = fg === null ? "var(--fg)" : color(fg), back = bg === null ? null : color(bg);
    if (attrs & 16) [front, back] = [back ?? "var(--bg)", front];
    if (attrs & 32) front = "transparent";
    const s = span.style;
    if (front !== "var(--fg)") s.color = front;
    if (back !== null) s.backgroundColor = back;
    if (attrs & 1) s.fontWeight = "700";
    if (attrs & 2) s.opacity = ".65";
    if (attrs & 4) s.fontStyle = "italic";
    if (attrs & 8) span.classList.add("blink");
    const lines = [];
    if (underline) lines.push("underline");
    if (attrs & 64) lines.push("line-through");
    if (attrs & 128) lines.push("overline");
    if (lines.length) {
      s.textDecorationLine = lines.join(" ");
      s.textDecorationStyle = ["solid", "solid", "double", "wavy", "dotted", "dashed"][underline];
      if (ucolor !== null) s.textDecorationColor = color(ucolor);
    }
  };
  const build = (row) => {
    const line = document.createElement("div");
    for (const [style, text, width] of rows[row]) {
      const look = styles[style];
      const link = look[5] === null ? null : links[look[5]];
      const safe = link !== null && /^https?:\/\//i.test(link);
      const span = document.createElement(safe ? "a" : "span");
      if (safe) {
        span.href = link;
        span.rel = "noopener noreferrer";
        span.target = "_blank";
      }
      span.textContent = text;
      if (width) {
        span.className = "cell";
        span.style.width = `${width}ch`;
      }
      dress(span, look);
      line.append(span);
    }
    return line;
  };

  const screen = el("screen"), cursor = el("cursor"), seek = el("seek");
  let drawn = [], size = "";
  const draw = (state) => {
    while (drawn.length > state.lines) { drawn.pop().node.remove(); }
    for (let y = 0; y < state.lines; y++) {
      if (drawn[y]?.row === state.rows[y]) continue;
      const node = build(state.rows[y]);
      if (drawn[y]) drawn[y].node.replaceWith(node); else screen.insertBefore(node, cursor);
      drawn[y] = { row: state.rows[y], node };
    }
    cursor.hidden = state.x < 0;
    cursor.style.left = `${state.x}ch`;
    cursor.style.top = `${state.y * 1.25}em`;
    if (size !== `${state.cols}x${state.lines}`) {
      size = `${state.cols}x${state.lines}`;
      screen.style.minWidth = `${state.cols}ch`;
      screen.dataset.size = size;
      fit(state.cols);
    }
  };
  const fit = (cols) => {
    screen.style.fontSize = "14px";
    const probe = document.createElement("span");
    probe.textContent = "0".repeat(100);
    screen.append(probe);
    const cell = probe.getBoundingClientRect().width / 100 || 8;
    probe.remove();
    const room = el("frame").clientWidth - 18;
    screen.style.fontSize = `${Math.max(6, Math.min(22, (14 * room) / (cell * cols))).toFixed(2)}px`;
  };

  let at = 0, from = 0, shown = -2, state = null, timer = null, before = 0;
  const clock = (ms) => {
    const s = Math.floor(ms / 1000), two = (n) => String(n).padStart(2, "0");
    const h = Math.floor(s / 3600);
    return `${h ? `${h}:` : ""}${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  };
  const show = () => {
    const i = last(frames, at, (f) => f[0]);
    if (i !== shown) {
      if (i < 0) {
        state = { cols: data.cols, lines: data.lines, rows: Array(data.lines).fill(0), x: -1, y: -1 };
      } else {
        let next = shown + 1;
        if (state === null || i < shown || shown < 0 || i - shown > KEY) {
          next = Math.floor(i / KEY) * KEY;
          state = copy(wholes[next / KEY]);
          next += 1;
        }
        for (; next <= i; next++) step(state, frames[next]);
      }
      shown = i;
      draw(state);
    }
    seek.value = String(at);
    el("time").textContent = `${clock(at)} / ${clock(end)}`;
    seek.setAttribute("aria-valuetext", `${clock(at)} of ${clock(end)}`);
    const now = last(commands, at, (c) => c[0]);
    [...el("commands").children].forEach((li, n) => li.firstChild.setAttribute("aria-current", String(n === now)));
    document.body.dataset.at = String(Math.round(at));
  };
  const go = (to) => { at = from = Math.min(Math.max(to, 0), end); show(); };
  const tick = () => {
    const now = performance.now();
    at += (now - before) * Number(el("speed").value);
    before = now;
    const idle = Number(el("idle").value) * 1000;
    const next = frames[shown + 1];
    const since = Math.max(from, shown < 0 ? 0 : frames[shown][0]);
    // Times stay what they were: a pause is cut short by a leap.
    if (idle > 0 && next && next[0] > at && at - since >= idle) at = next[0];
    if (at >= end) { at = end; pause(); }
    show();
  };
  const pause = () => {
    clearInterval(timer);
    timer = null;
    el("play").textContent = "Play";
    document.body.dataset.playing = "false";
  };
  const play = () => {
    if (at >= end) go(0);
    from = at;
    before = performance.now();
    timer = setInterval(tick, 16);
    el("play").textContent = "Pause";
    document.body.dataset.playing = "true";
  };
  const toggle = () => (timer === null ? play() : pause());
  const theme = () => document.documentElement.classList.toggle("light");

  seek.max = String(end);
  seek.addEventListener("input", () => go(Number(seek.value)));
  el("play").addEventListener("click", toggle);
  el("theme").addEventListener("click", theme);
  if (data.idle !== null) {
    const idle = el("idle");
    if (![...idle.options].some((o) => o.value === String(data.idle))) idle.add(new Option(`${data.idle} s`, String(data.idle)));
    idle.value = String(data.idle);
  }
  for (const [when, text, exit] of commands) {
    const button = document.createElement("button");
    const time = document.createElement("time");
    time.textContent = clock(when);
    const words = document.createElement("span");
    words.textContent = text || "(command)";
    if (exit !== null && exit !== 0) {
      words.className = "bad";
      words.textContent += `  [${exit}]`;
    }
    button.append(time, words);
    button.addEventListener("click", () => go(when));
    const li = document.createElement("li");
    li.append(button);
    el("commands").append(li);
    const mark = document.createElement("i");
    mark.style.left = `${end ? (100 * when) / end : 0}%`;
    el("marks").append(mark);
  }
  const faster = (by) => {
    const speed = el("speed");
    speed.selectedIndex = Math.min(Math.max(speed.selectedIndex + by, 0), speed.options.length - 1);
  };
  const keys = {
    " ": toggle, k: toggle, ArrowLeft: () => go(at - 5000), ArrowRight: () => go(at + 5000),
    Home: () => go(0), End: () => go(end), t: theme, "<": () => faster(-1), ">": () => faster(1),
    ",": () => go(frames[Math.max(shown - 1, 0)]?.[0] ?? 0), ".": () => go(frames[shown + 1]?.[0] ?? end),
    "[": () => go(commands[last(commands, at - 1, (c) => c[0])]?.[0] ?? 0),
    "]": () => go(commands[last(commands, at, (c) => c[0]) + 1]?.[0] ?? end),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.tagName === "SELECT") return;
    if (event.target.tagName === "BUTTON" && event.key === " ") return;
    const action = keys[event.key];
    if (action) { event.preventDefault(); action(); }
  });
  if (matchMedia("(prefers-color-scheme: light)").matches) theme();
  addEventListener("resize", () => state && fit(state.cols));
  // #t=12.5 begins there, #play begins at once.
  const wish = new URLSearchParams(location.hash.slice(1));
  go(Number(wish.get("t") ?? 0) * 1000 || 0);
  if (wish.has("play")) play();
  document.body.dataset.ready = "true";
})().catch((error) => {
  document.body.dataset.failed = String(error);
  document.getElementById("time").textContent = `This page cannot be played here: ${error}`;
});
