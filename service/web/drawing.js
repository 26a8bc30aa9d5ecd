// Draws a roster: coverage of each planning group, and every agent's shifts. Only what is in view is drawn.

const COLOURS = { on_queue: "#0072b2", break: "#e69f00", meal: "#d55e00" }; // told apart by the colour-blind too
const ROW = 18;
const NAMES = 120;

/** A canvas of the given size in CSS pixels, sharp on any screen. */
function prepared(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  pen.font = "11px system-ui, sans-serif";
  pen.textBaseline = "middle";
  return pen;
}

/** First and last moment of all shifts, in milliseconds. */
function span(roster) {
  const shifts = roster.schedules.flatMap((schedule) => schedule.shifts);
  return [Math.min(...shifts.map((s) => Date.parse(s.start))), Math.max(...shifts.map((s) => Date.parse(s.end)))];
}

/** Every agent's shifts on one canvas that stays in view while the box scrolls beneath it. */
export function drawGantt(box, roster) {
  const canvas = box.querySelector("canvas");
  const [from, to] = span(roster);
  const text = getComputedStyle(box).color;
  const draw = () => {
    const width = box.clientWidth;
    const height = Math.min(420, roster.schedules.length * ROW);
    const pen = prepared(canvas, width, height);
    const x = (moment) => NAMES + ((Date.parse(moment) - from) / (to - from || 1)) * (width - NAMES);
    const first = Math.floor(box.scrollTop / ROW);
    roster.schedules.slice(first, first + Math.ceil(height / ROW) + 1).forEach((schedule, place) => {
      const y = (first + place) * ROW - box.scrollTop;
      pen.fillStyle = text;
      pen.fillText(schedule.agent_id, 4, y + ROW / 2, NAMES - 8);
      for (const activity of schedule.shifts.flatMap((shift) => shift.activities)) {
        pen.fillStyle = COLOURS[activity.category] ?? "#cc79a7";
        pen.fillRect(x(activity.start), y + 2, Math.max(1, x(activity.end) - x(activity.start)), ROW - 4);
      }
    });
  };
  const height = Math.min(420, roster.schedules.length * ROW);
  box.querySelector(".extent").style.height = `${roster.schedules.length * ROW - height}px`;
  box.onscroll = () => requestAnimationFrame(draw);
  window.onresize = draw;
  draw();
}

/** Required (line) against scheduled (area) of one planning group. */
export function drawCoverage(canvas, series) {
  const pen = prepared(canvas, canvas.clientWidth || 600, 140);
  const width = canvas.clientWidth || 600;
  const most = Math.max(1, ...series.required, ...series.scheduled);
  const step = (width - 30) / series.required.length;
  const y = (heads) => 134 - (heads / most) * 124;
  pen.fillStyle = "#56b4e9";
  series.scheduled.forEach((heads, i) => pen.fillRect(30 + i * step, y(heads), step + 0.5, 134 - y(heads)));
  pen.strokeStyle = pen.fillStyle = getComputedStyle(canvas).color;
  pen.fillText(String(Math.round(most)), 2, 10);
  pen.fillText("0", 2, 132);
  pen.beginPath();
  series.required.forEach((heads, i) => {
    pen.lineTo(30 + i * step, y(heads));
    pen.lineTo(30 + (i + 1) * step, y(heads));
  });
  pen.stroke();
}
