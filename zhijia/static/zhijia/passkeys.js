/* Passkeys: asks the browser, puts its answer into the form, sends it. Runs under script-src 'self'. */
(function () {
  "use strict";

  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    const said = form.querySelector("[data-passkey-failed]");
    const answer = form.querySelector('input[name="credential"]');
    const options = document.getElementById("passkey-options");
    let isSent = false;

    async function ask() {
      const wanted = JSON.parse(options.textContent);
      const work = form.dataset.passkey === "create" ? window.webauthnJSON.create : window.webauthnJSON.get;
      answer.value = JSON.stringify(await work(wanted));
      isSent = true;
      form.submit();
    }

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (isSent) return;
      said.textContent = "";
      if (!window.PublicKeyCredential) {
        said.textContent = said.dataset.passkeyAbsent;
        return;
      }
      ask().catch(() => { said.textContent = said.dataset.passkeyFailed; });
    });
  });
})();
