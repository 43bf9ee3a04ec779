;;; litellm.el --- LiteLLM in Emacs, through eglot  -*- lexical-binding: t; -*-

(require 'eglot)

(defvar litellm-options nil
  "What litellm-ls is to be set up with, such as (:apiKey \"env:NAME\").")

;; At the end, for texts whose language has no server of its own in this list.
(add-to-list 'eglot-server-programs
             `((text-mode prog-mode) . ("litellm-ls" :initializationOptions ,(lambda (_server) litellm-options)))
             t)

(defun litellm--server ()
  (or (eglot-current-server) (user-error "No server in this buffer: M-x eglot")))

(defun litellm-run (command &rest arguments)
  "Have litellm-ls run COMMAND; it shows by itself what comes of it."
  (jsonrpc-async-request
   (litellm--server) :workspace/executeCommand
   `(:command ,(concat "litellm-ls." command) :arguments ,(vconcat arguments))
   :error-fn (lambda (failure) (message "%s" (plist-get failure :message)))
   :timeout nil))

(defun litellm-models ()
  "Open a table of all models."
  (interactive)
  (litellm-run "listModels"))

(defun litellm-use-model (model)
  "Use MODEL from now on."
  (interactive
   (let* ((told (mapcar (lambda (model) (cons (plist-get model :id) (litellm--told model))) (litellm--listed)))
          (completion-extra-properties `(:annotation-function ,(lambda (id) (cdr (assoc id told))))))
     (list (completing-read "Model: " told nil t))))
  (litellm-run "useModel" model))

(defun litellm--listed ()
  (condition-case failure
      (plist-get (jsonrpc-request (litellm--server) :provider/listModels nil) :models)
    (jsonrpc-error (user-error "LiteLLM: %s" (alist-get 'jsonrpc-error-message (cddr failure))))))

(defun litellm--told (model)
  "What people choose a MODEL by."
  (let ((window (plist-get model :contextWindow))
        (in (plist-get model :inputPrice))
        (out (plist-get model :outputPrice)))
    (concat (and window (format "  %dk context" (/ window 1000)))
            (and in out (format "  $%.2f in, $%.2f out per M" in out)))))

(defun litellm-status ()
  "Say whether the proxy can be used, and if not, what to do."
  (interactive)
  (litellm-run "status"))

(defun litellm-cancel ()
  "Cancel what is running."
  (interactive)
  (litellm-run "cancel"))

(defun litellm-complete ()
  "Have the model write on at point."
  (interactive)
  ;; Asked for at one place: by itself, `eglot-code-actions' takes the word at point.
  (eglot-code-actions (point) (point) "refactor" t))

(provide 'litellm)
;;; litellm.el ends here
