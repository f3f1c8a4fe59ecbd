// Sign-in and passwords: to see what one types, and passkeys. Passwords work without this file.
(function () {
  "use strict";

  // <form data-show-password="Show the password" data-hide-password="Hide the password">: a button after each password.
  document.querySelectorAll("form[data-show-password]").forEach(function (form) {
    form.querySelectorAll("input[type='password']").forEach(function (input) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-sm btn-link k-show-password";
      button.textContent = form.dataset.showPassword;
      button.setAttribute("aria-pressed", "false");
      button.setAttribute("aria-controls", input.id);
      button.addEventListener("click", function () {
        var shown = input.type === "text";
        input.type = shown ? "password" : "text";
        input.spellcheck = false;
        input.autocapitalize = "off";
        button.textContent = shown ? form.dataset.showPassword : form.dataset.hidePassword;
        button.setAttribute("aria-pressed", String(!shown));
      });
      input.insertAdjacentElement("afterend", button);
      // A password that is sent is a password field again: browsers keep no other value in their list of what was typed.
      form.addEventListener("submit", function () { input.type = "password"; });
    });
  });

  // <form data-passkey="create|get">: a button [data-passkey-start], a hidden input "credential", options in #js_data.
  document.querySelectorAll("form[data-passkey]").forEach(function (form) {
    var button = document.querySelector("[data-passkey-start][form='" + form.id + "']") ||
      form.querySelector("[data-passkey-start]");
    var failed = document.getElementById(form.dataset.failed);
    if (!button) return;
    if (!window.PublicKeyCredential || !window.webauthnJSON) {
      button.disabled = true;
      if (failed) failed.hidden = false;
      return;
    }
    button.addEventListener("click", function () {
      var kind = form.dataset.passkey;
      var given = JSON.parse(document.getElementById("js_data").textContent);
      var options = kind === "create" ? given.creation_options : given.request_options;
      if (failed) failed.hidden = true;
      window.webauthnJSON[kind](JSON.parse(JSON.stringify(options))).then(function (credential) {
        form.elements.credential.value = JSON.stringify(credential);
        form.submit();
      }, function () {
        if (failed) failed.hidden = false;
      });
    });
  });
})();
