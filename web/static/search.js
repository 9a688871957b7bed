"use strict";
(() => {
  const chart = document.querySelector("[data-days]");
  const form = document.getElementById("search");
  if (!chart || !form) return;
  const columns = [...chart.querySelectorAll("[data-first]")];
  let from = -1;
  let to = -1;

  const at = (event) => {
    const under = document.elementFromPoint(event.clientX, event.clientY);
    return under ? columns.indexOf(under) : -1;
  };
  const show = () => {
    const [first, last] = [Math.min(from, to), Math.max(from, to)];
    columns.forEach((column, n) => column.classList.toggle("taken", from >= 0 && n >= first && n <= last));
  };
  const end = () => {
    from = to = -1;
    show();
  };

  chart.addEventListener("pointerdown", (event) => {
    if (event.button || event.pointerType === "touch") return;
    from = to = at(event);
    if (from >= 0) event.preventDefault();
  });
  addEventListener("pointermove", (event) => {
    if (from < 0) return;
    const here = at(event);
    if (here >= 0 && here !== to) {
      to = here;
      show();
    }
  });
  addEventListener("pointerup", () => {
    if (from < 0) return;
    const [first, last] = [Math.min(from, to), Math.max(from, to)];
    if (first !== last) {
      form.elements.since.value = columns[first].dataset.first;
      form.elements.until.value = columns[last].dataset.last;
      form.requestSubmit();
    }
    end();
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") end();
  });
  chart.addEventListener("dragstart", (event) => event.preventDefault());
})();
