;;; litellm-proxy.el --- A LiteLLM proxy on this machine  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; Helps with the config.yaml of the buffer, starts a proxy with it, restarts and stops it, and says how it is.

;;; Code:

(require 'litellm-client)
(require 'litellm-markdown)

;; Of an Emacs that has it.
(defvar eglot-server-programs)
(declare-function eglot "eglot")

;;;###autoload
(defun litellm-proxy-help ()
  "Check, complete and explain the config.yaml of this buffer, by eglot."
  (interactive)
  (unless (and buffer-file-name (require 'eglot nil t))
    (litellm-refuse "visit a config.yaml, in an Emacs that has eglot"))
  ;; Eglot manages no buffer of a mode that it knows no server of.
  (setq-local eglot-server-programs
              (cons `((,major-mode :language-id "yaml") ,litellm-program) eglot-server-programs))
  (call-interactively #'eglot))

(defun litellm-proxy--source (demo)
  "Return what is to be served: a demo if DEMO, else the buffer's file."
  (cond (demo '(:demo t))
        ((not (and buffer-file-name (string-match-p "\\.ya?ml\\'" buffer-file-name)))
         (litellm-refuse "visit a config.yaml, or give a prefix argument for a demo"))
        ((file-remote-p buffer-file-name)
         (litellm-refuse "the proxy runs on this machine: visit a file that is here"))
        ((buffer-modified-p)
         (litellm-refuse "save the buffer first (the file is served as it is on the disk)"))
        (t (list :config (expand-file-name buffer-file-name)))))

(defun litellm-proxy--begin (method params)
  "Ask for METHOD with PARAMS, and say what is served then."
  (litellm-client-ask method params :title (litellm-tr "the proxy starts")
                      :then #'litellm-proxy--say
                      :failed (lambda (error) (message "%s" (litellm-client-told error)))))

(defun litellm-proxy--serves (proxy)
  "Return what PROXY serves and where."
  (litellm-tr "%s serves %s" (plist-get proxy :baseUrl) (litellm-markdown-line (plist-get proxy :serves))))

(defun litellm-proxy--state (status)
  "Return in words how a proxy is by STATUS."
  (pcase (plist-get status :state)
    ("running" (litellm-tr "the proxy runs"))
    ("starting" (litellm-tr "the proxy starts"))
    ("stopped" (litellm-tr "no proxy runs"))
    (_ (litellm-tr "the proxy does not answer"))))

(defun litellm-proxy--say (result)
  "Say what is served by RESULT."
  (let ((proxy (plist-get result :proxy)))
    (message "LiteLLM: %s%s" (litellm-proxy--serves proxy)
             (mapconcat (lambda (warning) (concat "; " (litellm-markdown-line warning)))
                        (plist-get result :warnings) ""))))

;;;###autoload
(defun litellm-proxy-start (demo)
  "Start a proxy with the config.yaml of this buffer.
With prefix argument DEMO it serves models that need no key.  It
ends with Emacs."
  (interactive "P")
  (litellm-proxy--begin :proxy/start (litellm-proxy--source demo)))

;;;###autoload
(defun litellm-proxy-restart ()
  "Restart the proxy, with its file as it is now on the disk."
  (interactive)
  (litellm-proxy--begin :proxy/restart nil))

;;;###autoload
(defun litellm-proxy-stop ()
  "Stop the proxy of this machine."
  (interactive)
  (let ((result (litellm-client-call :proxy/stop)))
    (if (eq (plist-get result :stopped) t)
        (litellm-tell "the proxy is stopped")
      (litellm-tell "no proxy of ours runs"))))

;;;###autoload
(defun litellm-proxy-status ()
  "Say how the proxy is, and what of its file it does not serve."
  (interactive)
  (let* ((status (litellm-client-call :proxy/status))
         (proxy (plist-get status :proxy))
         (missing (append (plist-get status :missing) nil)))
    (if (null missing)
        (message "LiteLLM: %s"
                 (string-join (delq nil (list (litellm-proxy--state status)
                                              (and proxy (litellm-proxy--serves proxy))
                                              (and (eq (plist-get proxy :edited) t)
                                                   (litellm-tr "its file was changed since"))))
                              (litellm-tr ", ")))
      (litellm-page-drawn "proxy" (concat "# LiteLLM: " (litellm-proxy--state status) "\n\n"
                                    (mapconcat (lambda (model)
                                                 (concat (litellm-tr "✗ %s is not served: %s" (plist-get model :name)
                                                                     (plist-get model :reason))
                                                         "\n"))
                                               missing ""))))))

;;;###autoload
(defun litellm-proxy-log ()
  "Show what the proxy of this machine has printed."
  (interactive)
  (let ((logs (litellm-client-call :proxy/logs)))
    (litellm-page "proxy" (format "%s\n\n```\n%s\n```\n" (plist-get logs :log)
                                  (mapconcat #'identity (plist-get logs :lines) "\n")))))

(provide 'litellm-proxy)
;;; litellm-proxy.el ends here
