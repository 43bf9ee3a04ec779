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

(defun litellm--known (model field)
  "FIELD of a MODEL and the mark of a public price list, or nil where nobody says it."
  (let ((filler (plist-get (plist-get model :assumed) field))
        (value (plist-get model field)))
    (and value (not (equal filler "default"))
         (cons value (if (equal filler "costMap") "~" "")))))

(defun litellm--told (model)
  "What people choose a MODEL by."
  (let ((window (litellm--known model :contextWindow))
        (in (litellm--known model :inputPrice))
        (out (litellm--known model :outputPrice)))
    (concat (and window (format "  %s%dk context" (cdr window) (/ (car window) 1000)))
            (and in out
                 (format "  %s$%.2f in, %s$%.2f out per M" (cdr in) (car in) (cdr out) (car out))))))

(cl-defmethod eglot-handle-request :after (_server (_method (eql workspace/applyEdit)) &rest _)
  "Deactivate the region that was replaced: with it, `undo' would take back a part only."
  (dolist (buffer (buffer-list))
    (with-current-buffer buffer
      (when (and eglot--managed-mode mark-active)
        (deactivate-mark t)))))

(cl-defmethod eglot-handle-request :around
  (_server (_method (eql window/showDocument)) &rest params &key uri &allow-other-keys)
  "Show our pages for reading, beside what the user does: `q' closes one."
  (if (not (string-match-p "litellm-ls" (or uri "")))
      (cl-call-next-method)
    (let ((file (if (fboundp 'eglot-uri-to-path) (eglot-uri-to-path uri) (eglot--uri-to-path uri))))
      (run-with-timer 0 nil (lambda ()
                              (with-current-buffer (find-file-noselect file)
                                (view-mode 1)
                                (display-buffer (current-buffer)))))
      '(:success t))))

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
