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
})();
