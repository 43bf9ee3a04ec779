;;; litellm-client.el --- The connection to litellm-ls  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; One `litellm-ls' serves all of Emacs, beside the servers of the languages: eglot and lsp-mode know nothing of it.
;; Requests are asynchronous, and nothing here selects a window or a buffer.

;;; Code:

(require 'cl-lib)
(require 'jsonrpc)
(require 'litellm-language)
(require 'litellm-opaque)
(require 'seq)
(require 'subr-x)

(defgroup litellm nil
  "Models of a LiteLLM proxy."
  :group 'tools
  :prefix "litellm-")

(defcustom litellm-program "litellm-ls"
  "The server: a name among the programs of this machine, or a file."
  :type 'string)

(defcustom litellm-shared nil
  "Whether Emacs shares one server with your other editors.
They share it as far as they are set so too: one list of models, one pool of
connections.  Counts from `litellm-restart' on."
  :type 'boolean)

(defcustom litellm-options nil
  "Settings that the server is started with, as a property list.
An example is (:baseUrl \"https://llm.example.com\" :apiKey \"env:WORK_KEY\").
Name a key here, and don't write it down.  What is not set here comes from
the settings of litellm-ls, which all editors share."
  :type '(plist :value-type sexp))

(defvar litellm-client--connection nil "The connection, if there is one.")
(defvar litellm-client--listeners (make-hash-table :test #'equal) "Who listens to the parts of an answer, by token.")
(defvar litellm-client--runs nil "What is under way, the newest first.")
(defvar litellm-client--tokens 0 "How many tokens were made.")

(defvar litellm-client-news-functions nil
  "Called with `model' where another may be in use, with `cost' after an answer.")

(defconst litellm-client--capabilities
  '(:general (:positionEncodings ["utf-32"]))
  "What this client offers: columns are characters, as in Emacs.")

(cl-defstruct (litellm-client-run (:constructor litellm-client--make-run))
  "A request under way."
  id title connection token buffer)

;;;; Starting and stopping

(defun litellm-client-connection ()
  "Return the connection to the server."
  (unless (litellm-client-is-connected)
    (setq litellm-client--connection (litellm-client--start)))
  litellm-client--connection)

(defun litellm-client--start ()
  "Start the server, and return the connection to it."
  (unless (executable-find litellm-program)
    (litellm-refuse "install litellm-ls, or set litellm-program (there is no program %s)" litellm-program))
  ;; The server is on this machine, whatever machine the buffer's file is on.
  (let* ((default-directory (expand-file-name "~/"))
         ;; Proposals are asked for by `litellm-propose-mode' alone, which is off unless the user wants it.
         (options (plist-put (copy-sequence litellm-options) :features
                             (plist-put (copy-sequence (plist-get litellm-options :features)) :inlineCompletion t)))
         (connection (apply #'make-instance 'jsonrpc-process-connection
                            :name "litellm-ls"
                            :process #'litellm-client--process
                            :notification-dispatcher #'litellm-client--notified
                            :request-dispatcher #'litellm-client--asked
                            :on-shutdown #'litellm-client--ended
                            (litellm-client--without-log))))
    (litellm-opaque-setup (jsonrpc--process connection))
    (condition-case failure
        (jsonrpc-request connection :initialize
                         `(:processId ,(emacs-pid) :rootUri nil :capabilities ,litellm-client--capabilities
                           :clientInfo (:name "Emacs" :version ,emacs-version)
                           :initializationOptions ,options)
                         :timeout 10)
      (jsonrpc-error
       (jsonrpc-shutdown connection)
       (litellm-refuse "see the buffer *litellm-ls stderr* (litellm-ls did not start: %s)"
                   (alist-get 'jsonrpc-error-message (cddr failure)))))
    (jsonrpc-notify connection :initialized (make-hash-table))
    ;; Once it is the connection that is asked.
    (run-with-timer 0 nil #'run-hook-with-args 'litellm-client-news-functions 'model)
    connection))

(defun litellm-client--process ()
  "Start the program."
  (make-process :name "litellm-ls" :command (cons litellm-program (and litellm-shared '("--shared")))
                :connection-type 'pipe :noquery t :coding 'utf-8-emacs-unix :stderr (get-buffer-create "*litellm-ls stderr*")))

(defun litellm-client--without-log ()
  "Return initargs for a connection without a buffer of events.
Code and answers would stand in it."
  ;; Emacs 30 has another name for it.
  (if (assq '-events-buffer-config
            (mapcar (lambda (slot) (list (eieio-slot-descriptor-name slot)))
                    (eieio-class-slots 'jsonrpc-process-connection)))
      '(:events-buffer-config (:size 0))
    '(:events-buffer-scrollback-size 0)))

(defun litellm-client--ended (connection)
  "Tell what was under way that CONNECTION is gone."
  (dolist (run (seq-filter (lambda (run) (eq (litellm-client-run-connection run) connection)) litellm-client--runs))
    (litellm-client--done run))
  (when (eq connection litellm-client--connection)
    (setq litellm-client--connection nil)))

(defun litellm-client-stop ()
  "End the server, until something is asked for again."
  (when-let* ((connection litellm-client--connection))
    (setq litellm-client--connection nil)
    (when (jsonrpc-running-p connection)
      (ignore-errors (jsonrpc-request connection :shutdown nil :timeout 2))
      (ignore-errors (jsonrpc-notify connection :exit nil))
      (jsonrpc-shutdown connection t))))

;;;; What the server says by itself

(defun litellm-client--notified (_connection method params)
  "Take the notification METHOD with PARAMS."
  (pcase method
    ('$/progress
     (when-let* ((listener (gethash (plist-get params :token) litellm-client--listeners)))
       (funcall listener (plist-get params :value))))
    ('provider/didChangeUsage (run-hook-with-args 'litellm-client-news-functions 'cost))
    ('window/showMessage (message "%s" (plist-get params :message)))))

(defun litellm-client--asked (_connection method params)
  "Answer the request METHOD with PARAMS."
  (if (eq method 'window/showMessageRequest)
      (litellm-client--choose (plist-get params :message) (append (plist-get params :actions) nil))
    (jsonrpc-error :code -32601 :message "Method not found")))

(defun litellm-client--choose (question actions)
  "Ask the user the QUESTION, and return the one of ACTIONS that was chosen.
Who is answering another question is not disturbed: nothing is chosen then."
  (unless (or (active-minibuffer-window) (null actions))
    (let* ((titles (mapcar (lambda (action) (plist-get action :title)) actions))
           (chosen (condition-case nil
                       ;; An empty answer is none of them.
                       (completing-read (format "%s (%s) " question (string-join titles ", ")) titles nil t)
                     (quit nil))))
      (and chosen (seq-find (lambda (action) (equal (plist-get action :title) chosen)) actions)))))

(defun litellm-client-is-connected ()
  "Say whether there is a server to ask."
  (and litellm-client--connection (jsonrpc-running-p litellm-client--connection)))

;;;; Asking

(defconst litellm-client--unsendable (rx (any (#x3fff80 . #x3fffff) (#xd800 . #xdfff)))
  "What no text can hold that is sent: raw bytes and halves of characters.")

(defun litellm-client-sendable (params)
  "Return PARAMS, each character that can't be sent replaced by one that can.
So columns stay the same."
  (cond ((stringp params) (replace-regexp-in-string litellm-client--unsendable "\ufffd" params t t))
        ((and (consp params) (proper-list-p params)) (mapcar #'litellm-client-sendable params))
        ((vectorp params) (vconcat (mapcar #'litellm-client-sendable params)))
        (t params)))

(defun litellm-client-notify (connection method params)
  "Tell the server of CONNECTION METHOD with PARAMS."
  (jsonrpc-notify connection method (litellm-client-sendable params)))

(defun litellm-client-call (method &optional params)
  "Ask the server METHOD with PARAMS, wait, and return the result.
A failure is told as one of the user's, with what to do."
  (condition-case failure
      (jsonrpc-request (litellm-client-connection) method
                       (or (litellm-client-sendable params) (make-hash-table)) :timeout 60)
    (jsonrpc-error
     (let ((details (cddr failure)))
       (user-error "%s" (litellm-client-told
                         (list :message (alist-get 'jsonrpc-error-message details)
                               :data (alist-get 'jsonrpc-error-data details))))))))

(cl-defun litellm-client-ask (method params &key title delta then failed)
  "Ask the server METHOD with PARAMS, and return at once what is under way.
TITLE says what that is; without one nothing is said.  DELTA is called
with each part of the answer, THEN with the result, FAILED with the
error.  All are called with the current buffer as it was, where that
still lives."
  (let* ((connection (litellm-client-connection))
         (token (and delta (format "emacs-%d" (cl-incf litellm-client--tokens))))
         (buffer (current-buffer))
         (run (litellm-client--make-run :title title :connection connection :token token :buffer buffer))
         (there (lambda (function)
                  (lambda (value)
                    (if (buffer-live-p buffer)
                        (with-current-buffer buffer (funcall function value))
                      (with-temp-buffer (funcall function value)))))))
    (when delta
      (puthash token (funcall there delta) litellm-client--listeners))
    (push run litellm-client--runs)
    (jsonrpc-async-request
     connection method (litellm-client-sendable (if token (append (list :partialResultToken token) params) params))
     :timeout nil
     :success-fn (lambda (result)
                   (litellm-client--done run)
                   (funcall (funcall there then) result))
     :error-fn (lambda (error)
                 (litellm-client--done run)
                 (funcall (funcall there (or failed #'litellm-client-complain)) error)))
    (setf (litellm-client-run-id run) (jsonrpc--next-request-id connection))
    (force-mode-line-update t)
    run))

(defun litellm-client--done (run)
  "Forget RUN, which has ended."
  (setq litellm-client--runs (delq run litellm-client--runs))
  (remhash (litellm-client-run-token run) litellm-client--listeners)
  (force-mode-line-update t))

(defun litellm-client-is-running (run)
  "Say whether RUN is under way."
  (and run (memq run litellm-client--runs) t))

(defun litellm-client-cancel (run)
  "Cancel RUN, up to the model.  What came of its answer comes back as an error."
  (when (litellm-client-is-running run)
    (jsonrpc-notify (litellm-client-run-connection run) :$/cancelRequest (list :id (litellm-client-run-id run)))))

;;;; Telling

(defconst litellm-client--broken
  `(("Server died"
     . ,(litellm-tr "ask again (litellm-ls has ended, the buffer *litellm-ls stderr* may say why)"))
    ("Timed out" . ,(litellm-tr "ask again, or M-x litellm-restart (litellm-ls did not answer in time)")))
  "What the library of the connection says by itself, as people are told it.")

(defun litellm-client-told (error)
  "Return the sentence for people of ERROR: what to do, and why."
  (let* ((remedy (plist-get (plist-get error :data) :remedy))
         (message (plist-get error :message))
         (broken (and (null (plist-get error :data)) (cdr (assoc message litellm-client--broken)))))
    (if (or (null remedy) (string-empty-p remedy))
        (format "LiteLLM: %s" (or broken message))
      (format "LiteLLM: %s – %s" remedy message))))

(defun litellm-client-is-cancelled (error)
  "Say whether ERROR is that the user cancelled."
  (eql (plist-get error :code) -32800))

(defun litellm-client-complaint (error)
  "Return what people are told of ERROR, which may be that they cancelled."
  (if (litellm-client-is-cancelled error)
      (concat "LiteLLM: " (litellm-tr "cancelled"))
    (litellm-client-told error)))

(defun litellm-client-complain (error)
  "Show ERROR."
  (litellm-client-say (litellm-client-complaint error)))

(defun litellm-client-say (text)
  "Show TEXT; again, where Emacs has covered it with advice about keys."
  (message "%s" text)
  (when suggest-key-bindings
    (let ((keys num-input-keys))
      (run-with-timer 2.5 nil (lambda ()
                                (when (and (= keys num-input-keys) (null (current-message)))
                                  (message "%s" text)))))))

(defvar litellm-client-known nil
  "What the mode line says beside what is under way, such as the model.")

(defun litellm-client-mode-line ()
  "Return a text for the mode line: what is under way, and what is known.
Its end is cut off in a narrow frame."
  (let* ((titles (delq nil (mapcar #'litellm-client-run-title litellm-client--runs)))
         (running (and titles (if (cdr titles) (format "%s +%d" (car titles) (length (cdr titles))) (car titles))))
         (words (append (and running (list running)) litellm-client-known)))
    (when words
      (litellm-client-literally (format " LiteLLM: %s " (string-join words " · "))))))

(defun litellm-client-literally (text)
  "Return TEXT for a mode line or a header line, none of it a construct."
  (replace-regexp-in-string "%" "%%" text t t))

(add-to-list 'global-mode-string '(:eval (litellm-client-mode-line)) t)

(defvar litellm-client-model nil "The model in use; nil while that is not known.")

(defun litellm-client-find-model (&optional then)
  "Find out which model is in use, and call THEN.
What is wrong is said where something is asked for."
  (let ((found (lambda (model)
                 (setq litellm-client-model model)
                 (force-mode-line-update t)
                 (when then
                   (funcall then)))))
    (condition-case nil
        (litellm-client-ask
         :provider/configure '(:verify :json-false)
         :then (lambda (result)
                 (let ((model (plist-get (plist-get (plist-get result :settings) :model) :value)))
                   (if model
                       (funcall found model)
                     ;; The one that the server takes where none is chosen.
                     (litellm-client-ask :provider/status nil
                                         :then (lambda (status) (funcall found (plist-get status :defaultModel)))
                                         :failed #'ignore))))
         :failed #'ignore)
      (user-error nil))))

(provide 'litellm-client)
;;; litellm-client.el ends here
