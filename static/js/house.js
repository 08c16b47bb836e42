// Small comforts; every page works without them.
(function () {
  "use strict";
  // After a refused form the reader starts at the list of what to change.
  var summary = document.querySelector("[data-error-summary]");
  if (summary) summary.focus();

  document.addEventListener("click", function (event) {
    var target = event.target.closest("[data-print], [data-copy]");
    if (!target) return;
    if (target.hasAttribute("data-print")) {
      window.print();
      return;
    }
    var done = function () { target.textContent = "已复制"; };
    var words = target.getAttribute("data-copy");
    if (navigator.clipboard) {
      navigator.clipboard.writeText(words).then(done, function () { select(target); });
    } else {
      select(target);
    }
  });

  // Without a clipboard (old WeChat) the text is marked, to be copied by hand.
  function select(target) {
    var field = document.getElementById(target.getAttribute("aria-controls"));
    if (field) { field.focus(); field.select(); }
  }

  // A form is sent once; coming back by the browser's button frees it again.
  document.addEventListener("submit", function (event) {
    if (event.target.method !== "post") return;
    if (event.target.dataset.sent) { event.preventDefault(); return; }
    event.target.dataset.sent = "1";
    setTimeout(function () { delete event.target.dataset.sent; }, 5000);
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
    });
  });
})();
