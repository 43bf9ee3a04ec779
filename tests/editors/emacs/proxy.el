;;; proxy.el --- A proxy is started from the file that it serves, and stopped  -*- lexical-binding: t; -*-

;; Run in batch: emacs --batch -Q -L editors/emacs -l proxy.el FILE

(require 'ert)
(require 'litellm)

(defvar proxy-said nil "What was said, newest first.")
(advice-add 'message :before
            (lambda (format &rest arguments)
              (when format (push (apply #'format-message format arguments) proxy-said))))

(defun proxy-says (text)
  "Wait until something with TEXT is said, and forget what was said before."
  (with-timeout (60 (ert-fail (list text proxy-said)))
    (while (not (seq-find (lambda (said) (string-search text said)) proxy-said))
      (accept-process-output nil 0.05)))
  (setq proxy-said nil))

(with-temp-buffer
  (should-error (litellm-proxy-start nil) :type 'user-error))
(find-file (pop command-line-args-left))
;; Of no mode for YAML, which a stock Emacs has none of.
(litellm-proxy-help)
(with-timeout (60 (ert-fail "eglot does not manage the buffer"))
  (while (not (eglot-managed-p))
    (accept-process-output nil 0.05)))
(should (memq #'eglot-completion-at-point completion-at-point-functions))
(eglot-shutdown (eglot-current-server))
(insert "# changed\n")
(should-error (litellm-proxy-start nil) :type 'user-error)
(set-buffer-modified-p nil)
(revert-buffer t t)
(litellm-proxy-start nil)
(proxy-says "config.yaml")
(litellm-proxy-status)
(proxy-says "the proxy runs, ")
(litellm-proxy-restart)
(proxy-says "serves")
(litellm-proxy-log)
(should (seq-find (lambda (buffer)
                    (with-current-buffer buffer
                      (save-excursion (goto-char (point-min)) (search-forward "proxy.log" nil t))))
                  (seq-remove (lambda (buffer) (eq buffer (current-buffer))) (buffer-list))))
(litellm-proxy-stop)
(proxy-says "is stopped")
(litellm-proxy-stop)
(proxy-says "no proxy of ours runs")
(litellm-client-stop)
(princ "PASSED\n")
;;; proxy.el ends here
