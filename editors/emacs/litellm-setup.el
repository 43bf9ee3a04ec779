;;; litellm-setup.el --- Where the proxy is, how its key is given, which model  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; Asks for address and key, tests them, saves them for every editor if the user wants that, and asks for a model.  What
;; was typed is lost by no failure.  A typed key is saved nowhere but in the system's keyring.

;;; Code:

(require 'litellm-models)
(require 'litellm-usage)

(defconst litellm-setup--keys
  `((,(litellm-tr "environment variable") "env" ,(litellm-tr "Name of the environment variable: ")
     "\\`[A-Za-z_][A-Za-z0-9_]*\\'" "LITELLM_API_KEY")
    (,(litellm-tr "command that prints it, such as pass show litellm") "cmd" ,(litellm-tr "Command that prints the key: ")
     "\\`[^[:cntrl:]]*[^[:cntrl:][:space:]]" nil)
    (,(litellm-tr "file") "file" ,(litellm-tr "File with the key: ")
     "\\`[~/.$A-Za-z][^[:cntrl:]]*[/\\\\]" nil)
    (,(litellm-tr "keyring of the system") "keyring" ,(litellm-tr "Name of the key in the keyring: ")
     "\\`[A-Za-z0-9_.@-]+\\'" "litellm")
    (,(litellm-tr "typed now, kept in memory") nil nil nil nil)
    (,(litellm-tr "the proxy takes none") none nil nil nil))
  "The ways to give a key.
Each has a title, a scheme, a question, the form of its answer, a default.")

(defun litellm-setup--choose (prompt choices)
  "Have the user choose one of CHOICES, asked with PROMPT.
Each choice is its title and what is returned for it; the first is the default."
  (let ((table (lambda (text predicate action)
                 (if (eq action 'metadata)
                     '(metadata (display-sort-function . identity) (cycle-sort-function . identity))
                   (complete-with-action action choices text predicate)))))
    (cdr (assoc (completing-read (format-prompt prompt (caar choices)) table nil t nil nil (caar choices)) choices))))

(defun litellm-setup--key (present)
  "Ask how the key is given, and return settings.
A key that is PRESENT may stay as it is."
  (let ((ways (mapcar (lambda (row) (cons (car row) row)) litellm-setup--keys)))
    (pcase (litellm-setup--choose (litellm-tr "Key")
                                  (if present (cons (list (litellm-tr "as it is")) ways) ways))
      ('nil nil)
      (`(,_ none . ,_) (list :apiKey nil))
      (`(,_ nil . ,_) (list :apiKey (read-passwd (litellm-tr "Key: "))))
      (`(,_ ,scheme ,question ,pattern ,default)
       ;; What was typed at the wrong place may be the key itself, which must not stay in the history.
       (let* ((history-add-new-input nil)
              (typed (read-string question nil nil default)))
         (unless (string-match-p pattern typed)
           (litellm-refuse "give %s" (downcase (string-trim-right question "[: ]+"))))
         (list :apiKey (concat scheme ":" typed)))))))

(defun litellm-setup--lasts (settings)
  "Say whether SETTINGS may be saved: they hold no typed key."
  (let ((key (plist-get settings :apiKey)))
    (or (null key)
        (seq-some (lambda (row) (and (stringp (nth 1 row)) (string-prefix-p (concat (nth 1 row) ":") key)))
                  litellm-setup--keys))))

;;;###autoload
(defun litellm-configure ()
  "Ask where the proxy is, how its key is given, and which model to use.
The connection is tested before anything is saved."
  (interactive)
  (let* ((known (plist-get (litellm-client-call :provider/configure '(:verify :json-false)) :settings))
         (present (eq t (plist-get (plist-get known :apiKey) :present)))
         (settings (litellm-setup--ask (plist-get (plist-get known :baseUrl) :value) present)))
    (while settings
      (setq settings
            (if (litellm-setup--works settings)
                (litellm-setup--keep settings)
              (pcase (litellm-setup--choose (litellm-tr "It does not work yet")
                                            (list (cons (litellm-tr "change what was typed") 'change)
                                                  (cons (litellm-tr "try again") 'again)
                                                  (cons (litellm-tr "leave it") nil)))
                ('change (litellm-setup--ask (plist-get settings :baseUrl)
                                             (or present (plist-get settings :apiKey))))
                ('again settings)))))))

(defun litellm-setup--ask (url present)
  "Ask for an address, which may be URL, and for a key, and return settings.
A key that is PRESENT may stay as it is."
  (append (list :baseUrl (read-string (litellm-tr "Base URL of the LiteLLM proxy: ") url))
          (litellm-setup--key present)))

(defun litellm-setup--works (settings)
  "Set SETTINGS, say how the connection is, and return whether it can be used."
  (condition-case failure
      (let ((status (plist-get (litellm-client-call :provider/configure settings) :status)))
        (litellm-usage-show-status status)
        (member (plist-get status :state) '("ready" "degraded")))
    (user-error (litellm-client-say (error-message-string failure))
                nil)))

(defun litellm-setup--keep (settings)
  "Save SETTINGS where the user wants that, and have a model chosen; return nil."
  (if (not (y-or-n-p (litellm-tr "It works.  Save this for every editor? ")))
      (litellm-tell "this Emacs uses it until it ends; M-x litellm-use-model chooses a model")
    (litellm-setup--save settings)
    (litellm-use-model (litellm-models-read (litellm-tr "Saved.  Model"))))
  nil)

(defun litellm-setup--save (settings)
  "Save SETTINGS in the settings file.
A typed key goes into the system's keyring, or nowhere."
  (unless (litellm-setup--lasts settings)
    (setq settings
          (append (list :baseUrl (plist-get settings :baseUrl))
                  (when (y-or-n-p (litellm-tr "Put the key into the keyring of the system? "))
                    (list :apiKey (litellm-setup--store (plist-get settings :apiKey)))))))
  (litellm-client-call :provider/configure (append settings '(:persist t :verify :json-false))))

(defun litellm-setup--store (key)
  "Put KEY into the system's keyring, and return the reference to it.
The program reads it from its standard input."
  (let ((name (read-string (litellm-tr "Name of the key in the keyring: ") nil nil "litellm"))
        (default-directory (expand-file-name "~/")))
    (with-temp-buffer
      (insert key "\n")
      (unless (eql 0 (call-process-region nil nil litellm-program t t nil "config" "store-key" name))
        (user-error "LiteLLM: %s" (string-trim (buffer-string)))))
    (concat "keyring:" name)))

(provide 'litellm-setup)
;;; litellm-setup.el ends here
