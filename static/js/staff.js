// The theme draws its signs with a letter face whose words are English: hide them from readers.
(function () {
  "use strict";
  function hide(root) {
    root.querySelectorAll(".material-symbols-outlined:not([aria-hidden])").forEach(function (sign) {
      sign.setAttribute("aria-hidden", "true");
    });
  }
  document.addEventListener("DOMContentLoaded", function () { hide(document); });
  document.addEventListener("htmx:afterSwap", function (event) { hide(event.target); });
  if (document.readyState !== "loading") hide(document);

  // The theme writes the name of a chosen file into the first field of text near it, which in our
  // forms is another answer: its listeners never hear of the choice.
  document.addEventListener("change", function (event) {
    if (event.target.type === "file") event.stopPropagation();
  }, true);

  // The column at the side shows where one is, however far down its list.
  var here = document.querySelector(".side [aria-current]");
  var column = here && here.closest(".side-inner");
  if (column && column.scrollHeight > column.clientHeight) {
    column.scrollTop = here.offsetTop - column.clientHeight / 2;
  }

  // While a format of numbers is typed, what numbers it gives stands below it (rules/numbering.py).
  document.querySelectorAll("[data-number-names]").forEach(function (field) {
    var names = JSON.parse(field.dataset.numberNames);
    var cases = JSON.parse(field.dataset.numberExamples);
    var told = document.createElement("p");
    told.className = "hint";
    told.setAttribute("role", "status");
    field.after(told);
    function made(series, n) {
      var unknown = [];
      var text = field.value.replace(/[｛{]([^{}｛｝]*)[｝}]/g, function (whole, inside) {
        var part = inside.replace("：", ":").split(":");
        var name = (names[part[0].trim()] || "").split(":");
        var width = Number(part[1] || name[1] || 1);
        var known = { term: "19", sitting: "5", series: series, year: "2026",
                      n: String(n).padStart(width, "0") }[name[0]];
        if (known === undefined) unknown.push(whole);
        return known === undefined ? whole : known;
      });
      return { text: text, unknown: unknown };
    }
    function tell() {
      var first = made("", 1);
      told.textContent = first.unknown.length
        ? "没有" + first.unknown.join("、") + "这样的写法。"
        : "编号会是：" + cases.map(function (c) {
            return c[0] + " " + made(c[1], c[2]).text;
          }).join("、") + "。";
    }
    field.addEventListener("input", tell);
    tell();
  });
})();
